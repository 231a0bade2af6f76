// What JavaScript's JSON.parse would change or overflow on without a word.
import { JSON_MAX_DEPTH } from './limits.ts';

type Path = (string | number)[];

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

const children = (value: object): [string | number, unknown][] =>
  Array.isArray(value) ? value.map((child: unknown, index) => [index, child]) : Object.entries(value);

function* walk(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  yield { path, value };
  if (isContainer(value)) for (const [key, child] of children(value)) yield* walk(child, [...path, key]);
}

/** Whether objects and arrays nest deeper than `JSON_MAX_DEPTH`. Never recurses deeper than that itself. */
export const isTooDeep = (value: unknown, depthLeft = JSON_MAX_DEPTH): boolean =>
  isContainer(value) && (depthLeft === 0 || Object.values(value).some((child) => isTooDeep(child, depthLeft - 1)));

/** Paths of members named `__proto__`: objects that are copied lose them. */
export const prototypeKeys = (value: unknown): Path[] =>
  [...walk(value)].map(({ path }) => path).filter((path) => path.at(-1) === '__proto__');

/** Paths of numbers that did not survive parsing: infinite ones, and integers beyond 2^53. */
export const inexactNumbers = (value: unknown): Path[] =>
  [...walk(value)]
    .filter(({ value: number }) => typeof number === 'number' && isInexact(number))
    .map(({ path }) => path);

const isInexact = (number: number) =>
  !Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number));
