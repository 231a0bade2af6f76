// The daemon's stream of events: JSON objects, one a line.
import type Docker from 'dockerode';
import { textOf } from './daemon-error.ts';

export type ContainerEvent = {
  readonly action: 'create' | 'start' | 'kill' | 'die' | 'destroy';
  readonly containerId: string;
  /** Labels of the container, and details of the event, such as `signal`. */
  readonly attributes: Readonly<Record<string, string>>;
};

const ACTIONS = ['create', 'start', 'kill', 'die', 'destroy'] as const satisfies ContainerEvent['action'][];

/** The fields of the daemon's JSON that are used. */
type DaemonEvent = {
  readonly Action: ContainerEvent['action'];
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
};

type ReadEventsOptions = {
  readonly docker: Docker;
  /** Selects containers, as `name=value`. */
  readonly label: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ContainerEvent) => void;
  readonly onEnd: (reason: string) => void;
};

/** Resolves when events are being received. */
export const readEvents = async ({ docker, label, signal, onEvent, onEnd }: ReadEventsOptions): Promise<void> => {
  const filters = { event: [...ACTIONS], label: [label] };
  const stream = await docker.getEvents({ filters: { type: ['container'], ...filters }, abortSignal: signal });
  void follow(stream.setEncoding('utf8'), onEvent).then(onEnd);
};

const follow = async (stream: AsyncIterable<string | Buffer>, onEvent: ReadEventsOptions['onEvent']) => {
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') onEvent(toEvent(line));
    }
    return 'it closed the connection';
  } catch (error) {
    return textOf(error);
  }
};

const toEvent = (line: string): ContainerEvent => {
  const { Action, Actor } = JSON.parse(line) as DaemonEvent;
  return { action: Action, containerId: Actor.ID, attributes: Actor.Attributes };
};
