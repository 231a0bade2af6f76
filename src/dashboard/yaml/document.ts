// A YAML text as a value, with the place of everything in it: problems have a line and a column.
import { isMap, isPair, isScalar, LineCounter, parseDocument, visit, type Alias, type Document } from 'yaml';

export type Path = readonly PropertyKey[];

/** A part of the text. Offsets in characters; line and column from 1. */
type Place = { readonly from: number; readonly to: number; readonly line: number; readonly column: number };

export type YamlProblem = Place & {
  readonly message: string;
  /** Empty for a problem of YAML itself. */
  readonly path: Path;
};

export type YamlText = {
  /** Undefined if there are problems. */
  readonly value: unknown;
  /** Of YAML itself: the value is not validated. */
  readonly problems: readonly YamlProblem[];
  /** Where a value is, or where it is missing: its nearest ancestor. */
  readonly locate: (path: Path) => Place;
};

/** Aliases may not blow up a small text. */
const ALIASES_MAX = 50;

/** The text as YAML 1.2, one document. Never throws. */
export const readYaml = (text: string): YamlText => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const place = (from: number, to: number): Place => {
    const { line, col } = lines.linePos(from);
    return { from, to: Math.max(from, Math.min(to, text.length)), line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = document.errors.map(({ pos: [from, to], message }) => ({ ...place(from, to), message, path: [] }));
  const locate = (path: Path) => place(...rangeOf(document, path));
  const cycle = problems.length === 0 ? cyclicAlias(document) : undefined;
  if (cycle !== undefined) {
    const [from, to] = cycle.range ?? [0, 0];
    problems.push({ ...place(from, to), message: `*${cycle.source} must not be inside &${cycle.source}`, path: [] });
  }
  if (problems.length > 0) return { value: undefined, problems, locate };
  try {
    return { value: document.toJS({ maxAliasCount: ALIASES_MAX }), problems, locate };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, problems: [{ ...place(0, 0), message, path: [] }], locate };
  }
};

/** An alias inside the value that it stands for: no JSON can say that. */
const cyclicAlias = (document: Document.Parsed): Alias | undefined => {
  let found: Alias | undefined;
  visit(document, {
    Alias: (_, alias, ancestors) => {
      const target = alias.resolve(document);
      if (target === undefined || !ancestors.includes(target)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
};

/** Of the value at the path; of its key where it has no text of its own; of the nearest ancestor where it is missing. */
const rangeOf = (document: Document.Parsed, path: Path): [number, number] => {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined;
    const value: unknown = document.getIn(path.slice(0, length), true);
    // A block is marked by its key: its own range can be many lines.
    const node: unknown = pair !== undefined && (!isScalar(value) || length < path.length) ? pair.key : value;
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return [Number(node.range[0]), Number(node.range[1])];
  }
  return [0, 0];
};
