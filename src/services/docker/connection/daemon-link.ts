// The connection to the daemon: its stream of events, whether it responds, and a fresh look at everything after each reconnection.
import type Docker from 'dockerode';
import { BackOff } from '../../../lib/back-off.ts';
import type { Clock } from '../../../lib/clock.ts';
import { textOf } from './daemon-error.ts';
import { readEvents, type ContainerEvent } from './read-events.ts';

type DaemonLinkOptions = {
  readonly docker: Docker;
  /** Address of the daemon, for messages. */
  readonly host: string;
  /** Selects the containers whose events are read, as `name=value`. */
  readonly label: string;
  readonly clock: Clock;
  readonly onEvent: (event: ContainerEvent) => void;
  /** The connection was lost: events may be missed from now on. */
  readonly onLost: () => void;
  /** Reads everything again. Called after every connection, when events are already being received. */
  readonly sync: () => Promise<void>;
};

/** Claims of containers that ended with the daemon wait for it. */
const RECONNECT = { firstMs: 250, longestMs: 1_000 };

/** A daemon that hangs, or a host that disappears, does not end the stream. */
const PING = { everyMs: 10_000, timeoutMs: 5_000 };

export class DaemonLink {
  readonly #options: DaemonLinkOptions;
  readonly #backOff = new BackOff(RECONNECT);
  readonly #closing = new AbortController();
  /** Ends the current connection. */
  #connection = new AbortController();
  #cancelTimer: () => void = () => undefined;
  #problem: string | undefined;

  constructor(options: DaemonLinkOptions) {
    this.#options = options;
  }

  /** Why the daemon cannot be used, as a sentence; undefined while it can. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Aborts when the current connection is lost, and has aborted until the next one is attempted. */
  get connection(): AbortSignal {
    return this.#connection.signal;
  }

  /** Connects for the first time. Rejects when the daemon cannot be used. */
  async open(): Promise<void> {
    await this.#connect();
  }

  close(): void {
    this.#closing.abort();
    this.#connection.abort();
    this.#cancelTimer();
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    const { docker, label, onEvent, sync } = this.#options;
    const onEnd = (reason: string) => {
      this.#lose(connection, reason);
    };
    try {
      await this.#ping();
      await this.#inTime(connection, (signal) => readEvents({ docker, label, signal, onEvent, onEnd }));
      await sync();
    } catch (error) {
      connection.abort();
      throw error;
    }
    if (connection.signal.aborted) throw new Error('the connection ended');
    this.#problem = undefined;
    this.#backOff.reset();
    this.#schedulePing(connection);
  }

  #schedulePing(connection: AbortController): void {
    this.#cancelTimer = this.#options.clock.after(PING.everyMs, () => {
      this.#ping().then(
        () => {
          if (!connection.signal.aborted) this.#schedulePing(connection);
        },
        (error: unknown) => {
          this.#lose(connection, textOf(error));
        },
      );
    });
  }

  #ping(): Promise<unknown> {
    // dockerode's types omit the option.
    const docker: { ping(options: { abortSignal: AbortSignal }): Promise<unknown> } = this.#options.docker;
    return this.#inTime(new AbortController(), (signal) => docker.ping({ abortSignal: signal }));
  }

  /** Aborts a call that has no response in time, so that its connection does not stay open. */
  async #inTime<Result>(ending: AbortController, call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const late = new Error(`no response within ${PING.timeoutMs / 1_000} s`);
    const cancel = this.#options.clock.after(PING.timeoutMs, () => {
      ending.abort(late);
    });
    try {
      return await call(ending.signal);
    } catch (error) {
      throw ending.signal.reason === late ? late : error;
    } finally {
      cancel();
    }
  }

  #lose(connection: AbortController, reason: string): void {
    if (connection.signal.aborted) return;
    connection.abort();
    this.#cancelTimer();
    this.#options.onLost();
    this.#retry(reason);
  }

  #retry(reason: string): void {
    if (this.#closing.signal.aborted) return;
    this.#problem = `The Docker daemon at ${this.#options.host} is unreachable: ${reason}. Members keep their last known state until it responds.`;
    // A connection that is lost while it is set up is reported twice.
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(this.#backOff.next(), () => {
      this.#connect().catch((error: unknown) => {
        this.#retry(textOf(error));
      });
    });
  }
}
