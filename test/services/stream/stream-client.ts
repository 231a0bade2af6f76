// A client of the stream as the contract asks for it: it keeps what it is told, and remembers from where to go on.
import type { WatchOptions } from '../../../src/contract/pool-event.ts';
import type { PoolStream } from '../../../src/services/stream/pool-stream.ts';
import type { StreamEvent } from '../../../src/services/stream/channel.ts';
import type { StreamReader } from '../../../src/services/stream/stream-reader.ts';

export class StreamClient {
  /** resourceVersion of each pool that it knows, by name and uid. */
  readonly known = new Map<string, string>();
  /** Types and names of everything that it was told. */
  readonly told: string[] = [];
  lastEventId: string | undefined;
  readonly #stream: PoolStream;
  readonly #selectors: WatchOptions;
  #reader: StreamReader | undefined;
  /** Events that were sent and not yet received. */
  #received: StreamEvent[] = [];

  constructor(stream: PoolStream, selectors: WatchOptions = {}) {
    this.#stream = stream;
    this.#selectors = selectors;
  }

  async connect(): Promise<void> {
    const resume = this.lastEventId === undefined ? {} : { lastEventId: this.lastEventId };
    this.#reader = await this.#stream.open({ ...this.#selectors, ...resume });
  }

  /** The connection is lost, and with it what was sent and not received. */
  cut(): void {
    this.#reader?.close();
    this.#received = [];
  }

  /** Receives at most `count` events; says whether there are no more. */
  receive(count = Infinity): boolean {
    for (let left = count; left > 0; left--) {
      if (this.#received.length === 0) this.#received = [...(this.#reader?.take() ?? [])];
      const next = this.#received.shift();
      if (next === undefined) return true;
      this.#apply(next);
    }
    return false;
  }

  #apply({ id, event }: StreamEvent): void {
    this.lastEventId = id;
    switch (event.type) {
      case 'added':
      case 'modified':
        this.told.push(`${event.type} ${event.pool.name}`);
        this.known.set(`${event.pool.name} ${event.pool.uid}`, event.pool.resourceVersion);
        break;
      case 'deleted':
        this.told.push(`deleted ${event.name}`);
        this.known.delete(`${event.name} ${event.uid}`);
        break;
      case 'reset':
        this.known.clear();
        this.told.push('reset');
        break;
      case 'bookmark':
        this.told.push('bookmark');
    }
  }
}
