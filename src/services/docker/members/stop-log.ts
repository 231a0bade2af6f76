// Who ended a container. Docker reports a signal sent through its API as `kill`, before the container's end; a process
// that ends by itself, or runs out of memory, has none.
import type { ContainerEvent } from '../connection/read-events.ts';
import { LABELS } from './labels.ts';

/** Signals that programs take as messages: HUP, USR1, USR2, WINCH. */
const HARMLESS = new Set(['1', '10', '12', '28']);

export class StopLog {
  readonly #own = new Set<string>();
  readonly #byOthers = new Set<string>();
  readonly #ended = new Map<string, string>();

  /** Ids of containers that somebody else has stopped. */
  get byOthers(): ReadonlySet<string> {
    return this.#byOthers;
  }

  /** Name in the template of a container that somebody else has stopped and that has ended; undefined if there is none. */
  get ended(): string | undefined {
    return this.#ended.values().next().value;
  }

  /** Signals to this container are the driver's own, until it starts again. */
  expect(id: string): void {
    this.#own.add(id);
  }

  /** Takes an event of a container of the member, which is in this launch. */
  observe({ action, containerId: id, attributes }: ContainerEvent, launch: number): void {
    if (action === 'kill' && !this.#own.has(id) && !HARMLESS.has(attributes.signal ?? '')) this.#byOthers.add(id);
    if (action === 'die' && this.#byOthers.has(id) && attributes[LABELS.launch] === String(launch))
      this.#ended.set(id, attributes[LABELS.name] ?? '');
    if (action !== 'start') return;
    this.#own.delete(id);
    this.#byOthers.delete(id);
    this.#ended.delete(id);
  }

  clear(): void {
    this.#byOthers.clear();
    this.#ended.clear();
  }
}
