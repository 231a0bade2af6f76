// One setting: the places that it is read from, and what it may be.
import type { z } from 'zod';
import type { TomlPlace } from './toml-section.ts';

export type Setting<Value> = {
  /** Flag of the command line, e.g. `--port`, and the word that stands for its value in the help. */
  readonly flag?: { readonly name: string; readonly placeholder: string };
  /** Environment variable. Empty counts as unset. */
  readonly env?: string;
  /** Environment variable that counts only when no other place has a value. */
  readonly lastEnv?: string;
  /** Place in the TOML file. Sections may be nested: `local.simulated`. */
  readonly toml?: TomlPlace;
  /** Judges the value of every place, and brings it into the form that the server uses. */
  readonly schema: z.ZodType<Value>;
  readonly default: Value;
  /** How the text of a flag or variable becomes a value for `schema`. Default: it is the value. */
  readonly fromText?: (text: string) => unknown;
  /** `~/` is the home directory; a relative path starts at the working directory. */
  readonly isPath?: boolean;
  /** An empty string in the file counts as none. */
  readonly isEmptyNone?: boolean;
  /** Never shown, neither by `warmpool config` nor in an error. */
  readonly isSecret?: boolean;
  /** For the help and for docs/configuration.md. */
  readonly description: string;
};

/** The name under which commander, and a caller of loadConfig, gives a flag's value: `--data-dir` → `dataDir`. */
export const optionOf = (flag: string): string =>
  flag.replace(/^--/, '').replaceAll(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());

/** Where a value came from. */
export type Origin =
  | { readonly from: 'flag' | 'env'; readonly name: string }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'default' };

/** A setting with the value that is in force. */
export type AppliedSetting = { readonly setting: Setting<unknown>; readonly value: unknown; readonly origin: Origin };

/** Its name in messages: `[server] port`, or the variable or flag when the file has no such key. */
export const nameOf = ({ toml, env, flag }: Setting<unknown>): string =>
  toml === undefined ? (env ?? flag?.name ?? '') : `[${toml.section}] ${toml.key}`;

export const describeOrigin = (origin: Origin): string => {
  switch (origin.from) {
    case 'flag':
      return `flag ${origin.name}`;
    case 'env':
      return `env ${origin.name}`;
    case 'file':
      return origin.path;
    case 'default':
      return 'default';
  }
};
