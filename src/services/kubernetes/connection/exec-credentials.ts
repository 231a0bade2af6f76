// Credentials of a plugin, kept until they expire or are refused.
import { once } from 'node:events';
import type { Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { locatePlugin, runPlugin, type Issued, type Plugin } from './exec-plugin.ts';

/** @param stop Ends a plugin that runs. Throws KubeConfigError if the plugin is not installed. */
export const execCredentials = (plugin: Plugin, stop: AbortSignal, clock: Clock): CredentialSource => {
  const { exec } = plugin;
  locatePlugin(exec);
  let issued: Issued | undefined;
  /** One run at a time, however many calls wait for it. */
  let running: Promise<Credential> | undefined;

  const run = async (): Promise<Credential> => {
    try {
      issued = await runPlugin(plugin, stop);
      return issued.credential;
    } finally {
      running = undefined;
    }
  };

  return async (signal, refused) => {
    if (issued && issued.credential !== refused && clock.now() < issued.expiresMs) return issued.credential;
    // A plugin has no deadline of the call: the run goes on for the calls that come later.
    running ??= run();
    const credential = await Promise.race([running, aborted(signal)]);
    if (credential !== undefined) return credential;
    const message = `${exec.field}: command "${exec.command}" has not returned a credential yet. Nothing was sent to the Kubernetes API server.`;
    throw new WarmpoolError('KUBERNETES::TIMEOUT', message, { cause: signal.reason });
  };
};

const aborted = async (signal: AbortSignal): Promise<undefined> => {
  if (!signal.aborted) await once(signal, 'abort');
};
