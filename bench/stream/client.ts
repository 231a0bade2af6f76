// A client of an event stream that costs little: a raw socket that looks for a few words in the bytes.
import { connect, type Socket } from 'node:net';
import { findMarkers } from './marker.ts';

/** Where a stream is, and what is sent with the request for it. */
export type Target = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

type ClientOptions = {
  readonly target: Target;
  /** Most pools that it is told of. */
  readonly pools: number;
  readonly onChange: (client: StreamClient, pool: number, change: number) => void;
  readonly onBookmark: () => void;
  readonly onError: (problem: string) => void;
};

const END = Buffer.from('\n\n');
const ID = Buffer.from('\nid: ');
/** The end of "bookmark": its letters are rare, so it is found fast. */
const BOOKMARK = Buffer.from('kmark');
const RESET = Buffer.from('reset');
const OK = 'HTTP/1.1 200';
const NOTHING = Buffer.alloc(0);
/** Longest rest behind a complete event that is none of the next one: the end of a chunk. */
const CHUNK_END = 2;

/** All sockets read into the same bytes: what one got is looked at before the next one reads. */
const shared = Buffer.alloc(65_536);

export class StreamClient {
  readonly #options: ClientOptions;
  /** The newest change of each pool that it was told of; -1: none. */
  readonly newest: Int32Array;
  resets = 0;
  /** How many changes it was told of. */
  told = 0;
  #socket: Socket | undefined;
  /** What was read of an event that is not complete yet. */
  #rest: Buffer = NOTHING;
  #lastId = '';
  #isOpen = false;
  #hasBookmark = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.newest = new Int32Array(options.pools).fill(-1);
  }

  /** @param resume Whether it goes on behind the last event; otherwise it forgets what it knows. */
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
    this.told += 1;
    this.#options.onChange(this, pool, change);
  };
}
