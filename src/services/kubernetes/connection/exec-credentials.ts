// Credentials of a plugin, kept until they expire or are refused.
import type { Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { Credential, Credentials } from './credential.ts';
import { locatePlugin, runPlugin, type Issued, type Plugin } from './exec-plugin.ts';

export class ExecCredentials implements Credentials {
  readonly #plugin: Plugin;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #kept: Issued | undefined;
  /** One run at a time, however many calls wait for it. */
  #running: Promise<Credential> | undefined;

  constructor(plugin: Plugin, clock: Clock) {
    this.#plugin = plugin;
    this.#clock = clock;
  }

  check(): void {
    locatePlugin(this.#plugin.exec);
  }

  async get(signal: AbortSignal, refused?: Credential): Promise<Credential> {
    if (refused !== undefined && refused === this.#kept?.credential) this.#kept = undefined;
    if (this.#kept && this.#clock.now() < this.#kept.expiresMs) return this.#kept.credential;
    this.#running ??= this.#run();
    return this.#unlessAborted(signal, this.#running);
  }

  close(): void {
    this.#stop.abort();
  }

  async #run(): Promise<Credential> {
    try {
      this.#kept = await runPlugin(this.#plugin, this.#stop.signal);
      return this.#kept.credential;
    } finally {
      this.#running = undefined;
    }
  }

  /** The deadline of a call does not apply to the plugin: the run continues for later calls. */
  async #unlessAborted(signal: AbortSignal, running: Promise<Credential>): Promise<Credential> {
    const { exec } = this.#plugin;
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => {
      const message = `${exec.field}: command "${exec.command}" has not returned a credential yet. Nothing was sent to the Kubernetes API server.`;
      reject(new WarmpoolError('KUBERNETES::TIMEOUT', message, { cause: signal.reason }));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    try {
      return await Promise.race([running, promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}
