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
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = (text.match(TOKEN) ?? []).filter((token) => !SPACE.test(token));
  }

  /** Undefined at the end. */
  peek(): string | undefined {
    return this.#tokens[this.#position];
  }

  take(): string | undefined {
    const token = this.peek();
    this.#position += 1;
    return token;
  }

  takeIf(...expected: readonly string[]): string | undefined {
    return expected.includes(this.peek() ?? '') ? this.take() : undefined;
  }

  expect(expected: string): void {
    if (this.takeIf(expected) === undefined) throw this.unexpected(`"${expected}"`);
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
const takeValue = (tokens: Tokens): string => {
  const value = WORD.test(tokens.peek() ?? '') ? (tokens.take() ?? '') : '';
  if (!isLabelValue(value)) throw new SelectorError(`has "${value}", which is not a valid label value`);
  return value;
};

const takeSet = (tokens: Tokens): string[] => {
  tokens.expect('(');
  const values = [takeValue(tokens)];
  while (tokens.takeIf(',') !== undefined) values.push(takeValue(tokens));
  tokens.expect(')');
  return values;
};

/** The value of a label as a 64-bit integer, for comparisons; undefined if it is not one. */
export const asInteger = (value: string): bigint | undefined => {
  if (!/^\d+$/.test(value)) return undefined;
  const integer = BigInt(value);
  return integer === BigInt.asIntN(64, integer) ? integer : undefined;
};

const takeNumber = (tokens: Tokens): string => {
  const value = tokens.peek() ?? '';
  if (asInteger(value) === undefined) throw tokens.unexpected('an integer');
  tokens.take();
  return value;
};

const takeRequirement = (tokens: Tokens): Requirement => {
  if (tokens.takeIf('!') !== undefined) return { key: takeKey(tokens), operator: 'DoesNotExist', values: [] };
  const key = takeKey(tokens);
  switch (tokens.takeIf('=', '==', '!=', 'in', 'notin', '>', '<')) {
    case '=':
    case '==':
      return { key, operator: 'In', values: [takeValue(tokens)] };
    case '!=':
      return { key, operator: 'NotIn', values: [takeValue(tokens)] };
    case 'in':
      return { key, operator: 'In', values: takeSet(tokens) };
    case 'notin':
      return { key, operator: 'NotIn', values: takeSet(tokens) };
    case '>':
      return { key, operator: 'Gt', values: [takeNumber(tokens)] };
    case '<':
      return { key, operator: 'Lt', values: [takeNumber(tokens)] };
    default:
      return { key, operator: 'Exists', values: [] };
  }
};

/** Returns the requirements of a selector, none for an empty one. Throws a SelectorError. */
export const parseLabelSelector = (text: string): Requirement[] => {
  const tokens = new Tokens(text);
  if (tokens.peek() === undefined) return [];
  const requirements = [takeRequirement(tokens)];
  while (tokens.peek() !== undefined) {
    if (tokens.takeIf(',') === undefined) throw tokens.unexpected('"," or an operator (=, ==, !=, in, notin, >, <)');
    requirements.push(takeRequirement(tokens));
  }
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
