// A client that follows the contract: it keeps the pools it receives, and remembers the id to resume from.
import type { WatchOptions } from '../../../src/contract/pool-event.ts';
import type { PoolStream } from '../../../src/services/stream/pool-stream.ts';
import type { StreamEvent } from '../../../src/services/stream/selector-view.ts';
import type { StreamReader } from '../../../src/services/stream/stream-reader.ts';

export class StreamClient {
  /** resourceVersion of each known pool, by name and uid. */
  readonly known = new Map<string, string>();
  /** Types and names of all events received. */
  readonly received: string[] = [];
  lastEventId: string | undefined;
  readonly #stream: PoolStream;
  readonly #selectors: WatchOptions;
  #reader: StreamReader | undefined;
  /** Events that were sent and not received yet. */
  #inFlight: StreamEvent[] = [];

  constructor(stream: PoolStream, selectors: WatchOptions = {}) {
    this.#stream = stream;
    this.#selectors = selectors;
  }

  async connect(): Promise<void> {
    const resume = this.lastEventId === undefined ? {} : { lastEventId: this.lastEventId };
    this.#reader = await this.#stream.open({ ...this.#selectors, ...resume });
  }

  /** Loses the connection, and with it what was sent and not received. */
  disconnect(): void {
    this.#reader?.close();
    this.#inFlight = [];
  }

  /** Receives at most `count` events. */
  receive(count = Infinity): void {
    for (let left = count; left > 0; left--) {
      if (this.#inFlight.length === 0) this.#inFlight = [...(this.#reader?.cursor.next() ?? [])];
      const next = this.#inFlight.shift();
      if (next === undefined) return;
      this.#apply(next);
    }
  }

  #apply({ id, event }: StreamEvent): void {
    this.lastEventId = id;
    switch (event.type) {
      case 'added':
      case 'modified':
        this.received.push(`${event.type} ${event.pool.name}`);
        this.known.set(`${event.pool.name} ${event.pool.uid}`, event.pool.resourceVersion);
        break;
      case 'deleted':
        this.received.push(`deleted ${event.name}`);
        this.known.delete(`${event.name} ${event.uid}`);
        break;
      case 'reset':
        this.known.clear();
        this.received.push('reset');
        break;
      case 'bookmark':
        this.received.push('bookmark');
    }
  }
}
