// What single settings may be. Every wording begins with `must`: the name of the setting stands before it.
import type { LevelWithSilent } from 'pino';
import { z } from 'zod';
import { API_KEY_MAX_LENGTH } from '../../contract/limits.ts';
import { must } from '../../contract/must.ts';
import { API_KEY_PATTERN } from '../../services/local/data-dir/api-key.ts';

const PORT_TEXT = 'be an integer from 0 to 65535';

/** Integer in exactly the usual notation; anything else stays text, and the schema refuses it. */
export const integerFromText = (text: string): unknown => (/^(0|[1-9]\d*)$/.test(text) ? Number(text) : text);

export const Text = z.string(must('be a text that is not empty')).min(1, must('not be empty'));

/** One file, or the several that a variable of another program names. */
export const Files = z.union([Text, z.array(z.string())], must('be a text that is not empty'));

export const Flag = z.boolean(must('be true or false'));

export const Host = z
  .string(must('be a host name or an IP address'))
  .regex(/^[\w.:%-]+$/, must('be a host name or an IP address, without scheme, port or brackets'));

export const Port = z.int(must(PORT_TEXT)).min(0, must(PORT_TEXT)).max(65_535, must(PORT_TEXT));

export const ApiKey = z
  .string(must('be a text'))
  .max(API_KEY_MAX_LENGTH, must(`have at most ${API_KEY_MAX_LENGTH} characters`))
  .regex(API_KEY_PATTERN, must('be printable ASCII without white space at its ends: no HTTP header carries the rest'));

/** An origin in the form in which browsers send it, since it is compared as text. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

const ORIGINS_TEXT = 'be a list of origins such as "https://app.example.com": scheme and lower-case host, no path';

export const Origins = z.array(z.string(must(ORIGINS_TEXT)).refine(isOrigin, must(ORIGINS_TEXT)), must(ORIGINS_TEXT));

export const RuntimeName = z.enum(['local', 'kubernetes', 'docker'], must('be "local", "kubernetes" or "docker"'));

export const Driver = z.literal('simulated', {
  error: ({ input }) =>
    input === 'docker'
      ? 'cannot be "docker" yet: only "simulated" exists for now'
      : 'must be "simulated": no other driver exists for now',
});

/** Numbers from `min` to `max`. */
export const numberWithin = (min: number, max: number) => {
  const wording = must(`be a number from ${min} to ${max}`);
  return z.number(wording).min(min, wording).max(max, wording);
};

/** Kubernetes' syntax of a namespace (RFC 1123 label). */
export const Namespace = z
  .string(must('be a text'))
  .regex(
    /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    must('be a Kubernetes namespace: lower-case letters, digits and "-", at most 63'),
  );

/** Python's names, which OpenSandbox's server takes, and pino's. */
const LEVELS: ReadonlyMap<string, LevelWithSilent> = new Map([
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
  ['fatal', 'fatal'],
  ['silent', 'silent'],
  ['notset', 'trace'],
  ['warning', 'warn'],
  ['critical', 'fatal'],
]);

const LEVEL_TEXT = `be one of ${[...LEVELS.keys()].join(', ')}, in any case`;

export const LogLevel = z.string(must(LEVEL_TEXT)).transform((text, context): LevelWithSilent => {
  const level = LEVELS.get(text.toLowerCase());
  if (level !== undefined) return level;
  context.addIssue(`must ${LEVEL_TEXT}`);
  return z.NEVER;
});
