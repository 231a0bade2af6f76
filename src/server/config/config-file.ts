// The TOML file: found, read and parsed.
import { readFileSync } from 'node:fs';
import { parse, TomlError, type TomlTable } from 'smol-toml';
import { ConfigError } from './config-error.ts';
import { describeOrigin, type Origin } from './setting.ts';

export type ReadFile = (path: string) => string;

export type ConfigFile = { readonly path: string; readonly table: TomlTable };

/**
 * Reads the file at `path`. Undefined when nobody named it (origin `default`) and it does not exist.
 * Throws ConfigError when it cannot be read, or breaks TOML's syntax: with the line, without its text, which may be a secret.
 */
export const readConfigFile = (
  path: string,
  origin: Origin,
  readFile: ReadFile = (file) => readFileSync(file, 'utf8'),
): ConfigFile | undefined => {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && origin.from === 'default') return undefined;
    const reason = isMissing
      ? 'does not exist'
      : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([`${describeOrigin(origin)}: the configuration file ${path} ${reason}.`]);
  }
  try {
    return { path, table: parse(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only the first line of the message: below it TomlError quotes the file.
    const [reason = ''] = error.message.replace('Invalid TOML document: ', '').split('\n');
    throw new ConfigError([`${path}: line ${error.line}, column ${error.column} is not valid TOML: ${reason}.`]);
  }
};
