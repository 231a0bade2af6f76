// Compares sections and keys of the file with those that Warmpool uses. OpenSandbox's server has many more.
import type { TomlTable } from 'smol-toml';
import { nearest } from '../../contract/nearest.ts';
import { isTable, type ConfigFile } from './config-file.ts';
import { SETTINGS } from './settings.ts';

type Key = { readonly name: string; readonly section: string; readonly key: string };

const KEYS = SETTINGS.flatMap(({ toml: name }): Key[] => {
  const [, section, key] = /^\[(.+)\] (.+)$/.exec(name ?? '') ?? [];
  return name !== undefined && section !== undefined && key !== undefined ? [{ name, section, key }] : [];
});
const SECTIONS = [...new Set(KEYS.map(({ section }) => section))];

/** One warning for each unused section, whatever it contains, and each unused key; one problem for each value in place of a section. */
export const reviewKeys = ({ path: file, table }: ConfigFile) => {
  const warnings: string[] = [];
  const problems: string[] = [];
  const review = (inner: TomlTable, section = ''): void => {
    for (const [key, value] of Object.entries(inner)) {
      const path = section === '' ? key : `${section}.${key}`;
      const name = section === '' ? key : `[${section}] ${key}`;
      if (SECTIONS.includes(path)) {
        if (isTable(value)) review(value, path);
        else problems.push(`${file}: [${path}] must be a section, not a value or a list of sections`);
      } else if (isTable(value) || (Array.isArray(value) && value.length > 0 && value.every(isTable)))
        warnings.push(`${file}: [${path}] is not a section that Warmpool uses; ignored. ${hintForSection(path)}`);
      else if (!KEYS.some((known) => known.name === name))
        warnings.push(`${file}: ${name} is not a key that Warmpool uses; ignored. ${hintForKey(key, section)}`);
    }
  };
  review(table);
  return { warnings, problems };
};

const hint = (kind: 'section' | 'key', near: string | undefined, known: readonly string[]): string =>
  near === undefined ? `Known ${kind}s: ${known.join(', ')}.` : `The nearest known ${kind} is ${near}.`;

const hintForSection = (path: string): string => {
  const near = nearest(path, SECTIONS);
  return hint(
    'section',
    near && `[${near}]`,
    SECTIONS.map((section) => `[${section}]`),
  );
};

/** The nearest key of its own section, else of all: `log_level` is near to the key `level` of the section `log`. */
const hintForKey = (word: string, ownSection: string): string => {
  const own = KEYS.filter(({ section }) => section === ownSection);
  const near = nearestKey(word, own) ?? nearestKey(word, KEYS);
  return hint(
    'key',
    near,
    (own.length > 0 ? own : KEYS).map(({ name }) => name),
  );
};

const nearestKey = (word: string, keys: readonly Key[]): string | undefined => {
  const near = nearest(
    word,
    keys.flatMap(({ section, key }) => [key, `${section}_${key}`]),
  );
  return keys.find(({ section, key }) => near === key || near === `${section}_${key}`)?.name;
};
