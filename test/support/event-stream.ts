// Reads server-sent events from a server, as text and in order.
import { onTestFinished } from 'vitest';
import { API_KEY_HEADER } from '../../src/contract/limits.ts';
import { API_KEY } from './test-server.ts';

export type SentEvent = { id?: string; event?: string; data?: Record<string, unknown> };

const parse = (block: string): SentEvent => {
  const fields = block.split('\n').flatMap((line) => {
    const [, name, value = ''] = /^(id|event|data): (.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, name === 'data' ? (JSON.parse(value) as unknown) : value]];
  });
  return Object.fromEntries(fields) as SentEvent;
};

/** Opens a stream that is closed when the test ends. */
export const openEventStream = async (url: string, headers: Record<string, string> = {}) => {
  const controller = new AbortController();
  onTestFinished(() => {
    controller.abort();
  });
  const response = await fetch(url, {
    headers: { [API_KEY_HEADER]: API_KEY, ...headers },
    signal: controller.signal,
  });
  if (response.body === null) throw new Error('The response has no body.');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  /** The next event with data; undefined after the end of the stream. */
  const next = async (): Promise<SentEvent | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const event = parse(text.slice(0, end));
        text = text.slice(end + 2);
        if (event.data !== undefined) return event;
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
  };
  /** The events up to the first one with this name. */
  const until = async (name: string): Promise<SentEvent[]> => {
    const received: SentEvent[] = [];
    for (;;) {
      const event = await next();
      if (event === undefined) throw new Error('The stream ended.');
      received.push(event);
      if (event.event === name) return received;
    }
  };
  return {
    response,
    next,
    until,
    close: () => {
      controller.abort();
    },
  };
};

/** Name and pool of an event, for comparison. */
export const brief = ({ event, data }: SentEvent): string =>
  [event, (data?.pool as { name?: string } | undefined)?.name ?? data?.name].filter(Boolean).join(' ');
