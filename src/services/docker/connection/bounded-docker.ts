// A client of the daemon whose calls end: a host that disappears neither responds nor closes its connections.
import Docker, { type DockerOptions } from 'dockerode';

type Call = { readonly abortSignal?: AbortSignal };
type Callback = (error: unknown, data: unknown) => void;

/** The part of docker-modem that every call of dockerode goes through. */
type Modem = { dial(call: Call, callback: Callback): void };

/** Each call rejects with an error whose code is ETIMEDOUT unless its response is complete after `callMs`. For no streams. */
export const boundedDocker = (options: DockerOptions, callMs: number): Docker => {
  const docker = new Docker(options);
  const modem = docker.modem as Modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (call, callback) => {
    const late = AbortSignal.timeout(callMs);
    const abortSignal = call.abortSignal ? AbortSignal.any([call.abortSignal, late]) : late;
    dial({ ...call, abortSignal }, (error, data) => {
      callback(error && late.aborted ? timeoutError(callMs) : error, data);
    });
  };
  return docker;
};

const timeoutError = (callMs: number) =>
  Object.assign(new Error(`no response within ${callMs / 1_000} s`), { code: 'ETIMEDOUT' });
