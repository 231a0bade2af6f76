// Numbers that did not survive JSON.parse: infinite ones, and integers beyond 2^53.

type Path = (string | number)[];

const isInexact = (number: number) =>
  !Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number));

/** Adds the paths of inexact numbers to `found`. `path` leads to `value`: one array for the whole walk. */
const collect = (value: unknown, path: Path, found: Path[]): void => {
  if (typeof value === 'number' && isInexact(value)) found.push([...path]);
  if (typeof value !== 'object' || value === null) return;
  const isArray = Array.isArray(value);
  for (const [key, child] of Object.entries(value) as [string, unknown][]) {
    path.push(isArray ? Number(key) : key);
    collect(child, path, found);
    path.pop();
  }
};

/** Paths of the inexact numbers of a JSON value, which may nest `JSON_MAX_DEPTH` levels deep. */
export const inexactNumbers = (value: unknown): Path[] => {
  const found: Path[] = [];
  collect(value, [], found);
  return found;
};
