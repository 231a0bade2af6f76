// Sections and keys of the file, held against those that Warmpool knows. OpenSandbox's server has many more.
import type { TomlTable } from 'smol-toml';
import { nearest } from '../../contract/nearest.ts';
import { isTable, type TomlPlace } from './toml-section.ts';

type KeyReview = { readonly warnings: readonly string[]; readonly problems: readonly string[] };

/**
 * One warning for each section or key that is not in `places`, naming what was likely meant; what stands inside an unknown
 * section is not told apart. One problem for each known section that is not a section.
 */
export const reviewKeys = (table: TomlTable, places: readonly TomlPlace[]): KeyReview => {
  const sections = [...new Set(places.map(({ section }) => section))];
  const warnings: string[] = [];
  const problems: string[] = [];

  const review = (section: string, inner: TomlTable): void => {
    for (const [key, value] of Object.entries(inner)) {
      const path = section === '' ? key : `${section}.${key}`;
      if (sections.includes(path)) {
        if (isTable(value)) review(path, value);
        else problems.push(`[${path}] must be a section, not a value or a list of sections.`);
      } else if (isTable(value) || isListOfTables(value))
        warnings.push(
          `[${path}] is a section that Warmpool does not know or use: ignored. ${hintForSection(path, sections)}`,
        );
      else if (!places.some((place) => place.section === section && place.key === key))
        warnings.push(
          `${written(section, key)} is a key that Warmpool does not know or use: ignored. ${hintForKey(section, key, places)}`,
        );
    }
  };
  review('', table);
  return { warnings, problems };
};

const isListOfTables = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isTable);

const written = (section: string, key: string): string => (section === '' ? key : `[${section}] ${key}`);

const hintForSection = (section: string, sections: readonly string[]): string => {
  const near = nearest(section, sections);
  return near === undefined
    ? `Known sections: ${sections.map((name) => `[${name}]`).join(', ')}.`
    : `The nearest known section is [${near}].`;
};

/** In its own section first; then anywhere, where `log_level` also means the key `level` of the section `log`. */
const hintForKey = (section: string, key: string, places: readonly TomlPlace[]): string => {
  const own = places.filter((place) => place.section === section);
  const near = nearestPlace(key, own) ?? nearestPlace(key, places);
  if (near !== undefined) return `The nearest known key is ${written(near.section, near.key)}.`;
  return own.length > 0
    ? `Known keys of [${section}]: ${own.map((place) => place.key).join(', ')}.`
    : `Known keys: ${places.map((place) => written(place.section, place.key)).join(', ')}.`;
};

const nearestPlace = (key: string, places: readonly TomlPlace[]): TomlPlace | undefined => {
  const byName = new Map(
    places.flatMap((place) => [
      [place.key, place],
      [`${place.section}_${place.key}`, place],
    ]),
  );
  const name = nearest(key, [...byName.keys()]);
  return name === undefined ? undefined : byName.get(name);
};
