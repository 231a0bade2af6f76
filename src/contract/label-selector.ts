// Label selectors in Kubernetes syntax, parsed into requirements. A pool matches if it meets all of them.
// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
import { z } from 'zod';
import { isLabelValue, isQualifiedName } from './metadata.ts';
import { must } from './must.ts';

/** One requirement. `NotIn` is also met if the key is absent; `Exists` and `DoesNotExist` have no values. */
export type Requirement = {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
};

/** Maximum length of a selector, in characters. */
const MAX_LENGTH = 8_192;

/** White space, words, operators, brackets and commas; any other character is a token that no rule accepts. */
const TOKEN = /[ \t\r\n]+|==|!=|[-\w./]+|[^]/g;
const SPACE = /^[ \t\r\n]/;
const WORD = /^[-\w./]+$/;

/** A syntax error; the message continues "labelSelector …". */
class SelectorError extends Error {}

class Tokens {
  readonly #tokens: string[];

  constructor(text: string) {
    this.#tokens = (text.match(TOKEN) ?? []).filter((token) => !SPACE.test(token));
  }

  /** Undefined at the end. */
  peek(): string | undefined {
    return this.#tokens[0];
  }

  take(): string | undefined {
    return this.#tokens.shift();
  }

  takeIf(...accepted: readonly string[]): string | undefined {
    return accepted.includes(this.peek() ?? '') ? this.take() : undefined;
  }

  expect(token: string): void {
    if (this.takeIf(token) === undefined) throw this.unexpected(`"${token}"`);
  }

  unexpected(expected: string): SelectorError {
    const token = this.peek();
    const found = token === undefined ? 'ends' : `has "${token}"`;
    return new SelectorError(`${found} where ${expected} is expected`);
  }
}

const takeKey = (tokens: Tokens): string => {
  const key = tokens.peek();
  if (key === undefined || !WORD.test(key)) throw tokens.unexpected('a label key');
  if (!isQualifiedName(key)) throw new SelectorError(`has "${key}", which is not a valid label key`);
  tokens.take();
  return key;
};

/** A missing word is the empty value, as in `a=`, `a in (,b)` and `a in ()`. */
const takeValue = (tokens: Tokens): string[] => {
  const value = WORD.test(tokens.peek() ?? '') ? (tokens.take() ?? '') : '';
  if (!isLabelValue(value)) throw new SelectorError(`has "${value}", which is not a valid label value`);
  return [value];
};

const takeSet = (tokens: Tokens): string[] => {
  tokens.expect('(');
  const values = takeValue(tokens);
  while (tokens.takeIf(',') !== undefined) values.push(...takeValue(tokens));
  tokens.expect(')');
  return values;
};

/** The value of a label as a 64-bit integer, for comparisons; undefined if it is not one. */
export const asInteger = (value: string): bigint | undefined => {
  if (!/^\d+$/.test(value)) return undefined;
  const integer = BigInt(value);
  return integer === BigInt.asIntN(64, integer) ? integer : undefined;
};

const takeNumber = (tokens: Tokens): string[] => {
  const value = tokens.peek() ?? '';
  if (asInteger(value) === undefined) throw tokens.unexpected('an integer');
  tokens.take();
  return [value];
};

/** What follows a key: the operator, and how its values are read. */
const OPERATORS = new Map<string, [Requirement['operator'], (tokens: Tokens) => string[]]>([
  ['=', ['In', takeValue]],
  ['==', ['In', takeValue]],
  ['!=', ['NotIn', takeValue]],
  ['in', ['In', takeSet]],
  ['notin', ['NotIn', takeSet]],
  ['>', ['Gt', takeNumber]],
  ['<', ['Lt', takeNumber]],
]);
const SYMBOLS = [...OPERATORS.keys()];

const takeRequirement = (tokens: Tokens): Requirement => {
  if (tokens.takeIf('!') !== undefined) return { key: takeKey(tokens), operator: 'DoesNotExist', values: [] };
  const key = takeKey(tokens);
  const [operator, takeValues] = OPERATORS.get(tokens.takeIf(...SYMBOLS) ?? '') ?? ['Exists', () => []];
  return { key, operator, values: takeValues(tokens) };
};

/** Returns the requirements of a selector, none for an empty one. Throws a SelectorError. */
export const parseLabelSelector = (text: string): Requirement[] => {
  const tokens = new Tokens(text);
  if (tokens.peek() === undefined) return [];
  const requirements = [takeRequirement(tokens)];
  while (tokens.takeIf(',') !== undefined) requirements.push(takeRequirement(tokens));
  if (tokens.peek() !== undefined) throw tokens.unexpected(`"," or an operator (${SYMBOLS.join(', ')})`);
  return requirements;
};

/** A label selector as text. */
export const LabelSelector = z
  .string(must('be a string'))
  .max(MAX_LENGTH, must(`have at most ${MAX_LENGTH} characters`))
  .superRefine((text, context) => {
    try {
      parseLabelSelector(text);
    } catch (error) {
      const message = error instanceof SelectorError ? error.message : 'cannot be parsed';
      context.addIssue({ code: 'custom', message });
    }
  })
  .meta({ description: 'Label selector in Kubernetes syntax.', examples: ['team in (search, ads), !retired'] });
