// A home directory for one test, with the files that it needs; deleted when the test ends.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { StartupError } from '../../../src/services/startup-error.ts';
import { loadConfig, type Flags, type LoadedConfig } from '../../../src/server/config/load-config.ts';
import { removeFolder } from '../../support/remove-folder.ts';

export type TemporaryHome = {
  readonly path: string;
  /** Writes a file and returns its path. */
  readonly write: (name: string, text: string) => string;
  /** Loads the configuration with this home. */
  readonly load: (places?: { flags?: Flags; env?: Record<string, string> }) => LoadedConfig;
  /** The message of the StartupError that loading ends with. */
  readonly refusal: (places?: { flags?: Flags; env?: Record<string, string> }) => string;
};

export const makeHome = (toml?: string): TemporaryHome => {
  const path = mkdtempSync(join(tmpdir(), 'warmpool-config-'));
  onTestFinished(() => {
    removeFolder(path);
  });
  const write = (name: string, text: string): string => {
    const file = join(path, name);
    writeFileSync(file, text);
    return file;
  };
  if (toml !== undefined) write('.sandbox.toml', toml);
  const load: TemporaryHome['load'] = ({ flags = {}, env = {} } = {}) => loadConfig({ flags, env, homeDir: path });
  const refusal: TemporaryHome['refusal'] = (places) => {
    try {
      load(places);
    } catch (error) {
      if (error instanceof StartupError) return error.message;
      throw error;
    }
    throw new Error('The configuration was accepted.');
  };
  return { path, write, load, refusal };
};
