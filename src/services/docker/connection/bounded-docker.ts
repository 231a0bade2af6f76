// A client of the daemon whose calls end: a host that disappears neither responds nor closes its connections.
import { setMaxListeners } from 'node:events';
import Docker, { type DockerOptions } from 'dockerode';

type Bounds = {
  /** Maximum time until the response is complete, in milliseconds. */
  readonly callMs: number;
  /** Aborts when the daemon can no longer be reached; read at the beginning of each call. */
  readonly connection: () => AbortSignal;
};

type Call = { readonly abortSignal?: AbortSignal };
type Callback = (error: unknown, data: unknown) => void;

/** The part of docker-modem that every call of dockerode goes through. */
type Modem = { dial(call: Call, callback: Callback): void };

/**
 * A call rejects with an error whose code is ETIMEDOUT unless its response is complete in time, and ECONNRESET when the
 * connection is lost. For no streams.
 */
export const boundedDocker = (options: DockerOptions, { callMs, connection }: Bounds): Docker => {
  const docker = new Docker(options);
  const modem = docker.modem as Modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (call, callback) => {
    const lost = connection();
    if (lost.aborted) {
      callback(lostError(), undefined);
      return;
    }
    const ending = new AbortController();
    let isOver = false;
    const finish: Callback = (error, data) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      lost.removeEventListener('abort', lose);
      callback(error, data);
    };
    // docker-modem never calls back after a connection that broke within a response, even when the call is aborted.
    const end = (error: Error) => {
      finish(error, undefined);
      ending.abort();
    };
    const lose = () => {
      end(lostError());
    };
    // One for each call that is under way.
    setMaxListeners(0, lost);
    lost.addEventListener('abort', lose);
    const timer = setTimeout(end, callMs, timeoutError(callMs)).unref();
    dial({ ...call, abortSignal: ending.signal }, finish);
  };
  return docker;
};

const timeoutError = (callMs: number) =>
  Object.assign(new Error(`no response within ${callMs / 1_000} s`), { code: 'ETIMEDOUT' });

const lostError = () => Object.assign(new Error('the connection to the daemon was lost'), { code: 'ECONNRESET' });
