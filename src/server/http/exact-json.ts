// What JavaScript's JSON.parse would change or overflow on without a word.
import { JSON_MAX_DEPTH } from '../../contract/limits.ts';

type Path = (string | number)[];
type Matches = (key: string | number, value: unknown) => boolean;

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether objects and arrays nest deeper than `JSON_MAX_DEPTH`. Never recurses deeper than that itself. */
export const isTooDeep = (value: unknown, depthLeft = JSON_MAX_DEPTH): boolean =>
  isContainer(value) && (depthLeft === 0 || Object.values(value).some((child) => isTooDeep(child, depthLeft - 1)));

/** Adds the paths of members that match to `found`. `path` is the way to `value`, one array for the whole walk. */
const collect = (value: unknown, matches: Matches, path: Path, found: Path[]): void => {
  if (!isContainer(value)) return;
  const isArray = Array.isArray(value);
  for (const [key, child] of Object.entries(value) as [string, unknown][]) {
    const segment = isArray ? Number(key) : key;
    path.push(segment);
    if (matches(segment, child)) found.push([...path]);
    collect(child, matches, path, found);
    path.pop();
  }
};

const pathsWhere = (value: unknown, matches: Matches): Path[] => {
  const found: Path[] = [];
  collect(value, matches, [], found);
  return found;
};

/** Paths of members named `__proto__`: objects that are copied lose them. The value may nest `JSON_MAX_DEPTH` deep. */
export const prototypeKeys = (value: unknown): Path[] => pathsWhere(value, (key) => key === '__proto__');
