// Runs the probes of containers: first the startup probe, then the readiness probe, as Kubernetes does.
// Source: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
import type Docker from 'dockerode';
import type { Clock } from '../../../lib/clock.ts';
import { errorMessage } from '../connection/daemon-error.ts';
import type { Probe } from '../template/probe.ts';
import { httpAttempt, tcpAttempt, type Attempt } from './attempt.ts';
import { execAttempt } from './exec-attempt.ts';

/** `message` says why the container is not ready. `isFailed`: the startup probe has given up, and nothing follows. */
export type ProbeState = { readonly isReady: boolean; readonly message?: string; readonly isFailed?: boolean };

export type ProbeTarget = {
  readonly containerId: string;
  /** Address of the container as the server reaches it. Without one, probes over the network fail unless they name a host. */
  readonly address: string | undefined;
  readonly startup?: Probe | undefined;
  readonly readiness?: Probe | undefined;
  /** Whether the container is known to be ready, because it was probed before. Then the startup probe is over. Default false. */
  readonly isReady?: boolean;
  /** Called with every new state, never before `watch` returns. */
  readonly onChange: (state: ProbeState) => void;
};

type ProbeRunnerOptions = { readonly docker: Docker; readonly clock: Clock };

/** Undefined for a success. */
type Failure = string | undefined;

const NO_ADDRESS = 'the container has no network address; use an exec probe, or a network with addresses';

export class ProbeRunner {
  readonly #options: ProbeRunnerOptions;

  constructor(options: ProbeRunnerOptions) {
    this.#options = options;
  }

  /**
   * Probes a container until the returned function is called. Unless `isReady`, it has just started and is not ready
   * until its probes say so; without probes it is ready at once.
   */
  watch(target: ProbeTarget): () => void {
    const stopping = new AbortController();
    let last = JSON.stringify({ isReady: target.isReady ?? false });
    const report = (state: ProbeState) => {
      const text = JSON.stringify(state);
      if (stopping.signal.aborted || text === last) return;
      try {
        target.onChange(state);
        last = text;
      } catch {
        // The next result reports it again.
      }
    };
    void this.#run(target, report, stopping.signal);
    return () => {
      stopping.abort();
    };
  }

  async #run(target: ProbeTarget, report: (state: ProbeState) => void, signal: AbortSignal): Promise<void> {
    await Promise.resolve();
    const startedMs = this.#options.clock.now();
    const { startup, readiness, isReady = false } = target;
    if (startup && !isReady) {
      const results = this.#results(startup, target, startedMs, signal);
      if (!(await hasStarted(startup, results, report))) return;
    }
    const follow = followReadiness(report, isReady);
    if (readiness) await follow(readiness, this.#results(readiness, target, startedMs, signal));
    else report({ isReady: true });
  }

  /** The results of a probe until the signal aborts, one attempt after the other. */
  async *#results(probe: Probe, target: ProbeTarget, startedMs: number, signal: AbortSignal): AsyncGenerator<Failure> {
    const { clock } = this.#options;
    const attempt = this.#attemptOf(probe, target);
    await this.#sleep(startedMs + probe.initialDelaySeconds * 1_000 - clock.now(), signal);
    const isOver = () => signal.aborted;
    while (!isOver()) {
      const nextMs = clock.now() + probe.periodSeconds * 1_000;
      const failure = await this.#try(attempt, probe.timeoutSeconds, signal);
      if (isOver()) return;
      yield failure;
      await this.#sleep(nextMs - clock.now(), signal);
    }
  }

  #attemptOf({ handler }: Probe, { containerId, address }: ProbeTarget): Attempt {
    if (handler.kind === 'exec') return execAttempt({ ...this.#options, containerId, command: handler.command });
    const host = handler.host ?? address;
    if (host === undefined) return () => Promise.reject(new Error(NO_ADDRESS));
    return handler.kind === 'tcpSocket' ? tcpAttempt(handler, host) : httpAttempt(handler, host);
  }

  async #try(attempt: Attempt, timeoutSeconds: number, signal: AbortSignal): Promise<Failure> {
    const ending = new AbortController();
    const late = new Error(`no result within ${timeoutSeconds} s`);
    const cancel = this.#options.clock.after(timeoutSeconds * 1_000, () => {
      ending.abort(late);
    });
    const end = () => {
      ending.abort();
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      await attempt(ending.signal);
      return undefined;
    } catch (error) {
      return errorMessage(ending.signal.reason === late ? late : error);
    } finally {
      cancel();
      signal.removeEventListener('abort', end);
    }
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (ms <= 0 || signal.aborted) {
        resolve();
        return;
      }
      const wake = () => {
        cancel();
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

/** Whether the startup probe succeeds before it fails too often. */
const hasStarted = async (
  { failureThreshold }: Probe,
  results: AsyncIterable<Failure>,
  report: (state: ProbeState) => void,
): Promise<boolean> => {
  let failures = 0;
  for await (const failure of results) {
    if (failure === undefined) return true;
    const message = `Startup probe failed: ${failure}`;
    const isFailed = ++failures >= failureThreshold;
    report({ isReady: false, message, ...(isFailed && { isFailed }) });
    if (isFailed) return false;
  }
  return false;
};

const followReadiness =
  (report: (state: ProbeState) => void, wasReady: boolean) =>
  async ({ successThreshold, failureThreshold }: Probe, results: AsyncIterable<Failure>): Promise<void> => {
    let [isReady, successes, failures] = [wasReady, 0, 0];
    for await (const failure of results) {
      [successes, failures] = failure === undefined ? [successes + 1, 0] : [0, failures + 1];
      if (successes >= successThreshold) isReady = true;
      if (failures >= failureThreshold) isReady = false;
      if (isReady) report({ isReady });
      else if (failure !== undefined) report({ isReady, message: `Readiness probe failed: ${failure}` });
    }
  };
