// A cheap client of an event stream: a raw socket that searches the bytes for a few words.
import { connect, type Socket } from 'node:net';
import { findMarkers } from './marker.ts';

/** URL and request headers of a stream. */
export type Target = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

type ClientOptions = {
  readonly target: Target;
  /** Maximum number of pools in the stream. */
  readonly pools: number;
  readonly onChange: (client: StreamClient, pool: number, change: number) => void;
  readonly onBookmark: () => void;
  readonly onError: (problem: string) => void;
};

const END = Buffer.from('\n\n');
const ID = Buffer.from('\nid: ');
/** The end of "bookmark": its letters are rare, which makes the search fast. */
const BOOKMARK = Buffer.from('kmark');
const RESET = Buffer.from('reset');
const OK = 'HTTP/1.1 200';
const NOTHING = Buffer.alloc(0);
/** Maximum number of bytes after an event that do not belong to the next one: the end of a chunk. */
const CHUNK_END = 2;

/** All sockets read into the same buffer: each read is processed before the next one. */
const shared = Buffer.alloc(65_536);

export class StreamClient {
  readonly #options: ClientOptions;
  /** The newest change received of each pool; -1 for none. */
  readonly newest: Int32Array;
  resets = 0;
  /** Number of changes received. */
  received = 0;
  #socket: Socket | undefined;
  /** The bytes of an incomplete event. */
  #rest: Buffer = NOTHING;
  #lastId = '';
  #isOpen = false;
  #hasBookmark = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.newest = new Int32Array(options.pools).fill(-1);
  }

  /** @param resume Whether to resume after the last event; otherwise the client discards what it has. */
  open(resume: boolean): void {
    const { target, onError } = this.#options;
    const { hostname, port, pathname, search } = new URL(target.url);
    if (!resume) {
      this.newest.fill(-1);
      this.#lastId = '';
    }
    this.#rest = NOTHING;
    this.#isOpen = false;
    this.#hasBookmark = false;
    const headers = { Host: hostname, ...target.headers, ...(resume && { 'Last-Event-ID': this.#lastId }) };
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect({
      port: Number(port),
      host: hostname,
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          if (this.#socket === socket) this.#read(shared.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket = socket;
    socket.on('error', (error) => {
      onError(error.message);
    });
    socket.on('close', () => {
      if (this.#socket === socket) onError('a stream ended');
    });
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${head.join('')}\r\n`);
  }

  drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  #read(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = all.lastIndexOf(END) + END.length;
    if (end < END.length) {
      this.#rest = Buffer.from(all);
      return;
    }
    this.#rest = all.length - end > CHUNK_END ? Buffer.from(all.subarray(end)) : NOTHING;
    if (!this.#isOpen) this.#begin(all);
    findMarkers(all, end, this.#note);
    const id = all.lastIndexOf(ID, end);
    if (id !== -1) this.#lastId = all.toString('latin1', id + ID.length, all.indexOf('\n', id + ID.length));
    if (this.#hasBookmark) return;
    if (!all.includes(BOOKMARK)) return;
    this.#hasBookmark = true;
    this.#options.onBookmark();
  }

  #begin(all: Buffer): void {
    this.#isOpen = true;
    if (all.includes(RESET)) this.resets += 1;
    const status = all.toString('latin1', 0, OK.length);
    if (status !== OK) this.#options.onError(`a stream was refused: ${status}`);
  }

  readonly #note = (pool: number, change: number): void => {
    if (this.newest[pool] === change) return;
    this.newest[pool] = change;
    this.received += 1;
    this.#options.onChange(this, pool, change);
  };
}
