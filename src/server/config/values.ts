// Types of settings. The message of each says what a valid value is; it follows the name of the setting.
import type { LevelWithSilent } from 'pino';
import { z } from 'zod';
import { API_KEY_MAX_LENGTH } from '../../contract/limits.ts';
import { API_KEY_PATTERN } from '../data-dir/api-key.ts';

const valid = <Value extends z.ZodType>(schema: Value, rule: string) =>
  z.custom<z.output<Value>>((input) => schema.safeParse(input).success, `must ${rule}`);

export const Text = valid(z.string().min(1), 'be a string that is not empty');
export const Flag = valid(z.boolean(), 'be true or false');
export const Port = valid(z.int().min(0).max(65_535), 'be an integer from 0 to 65535');
export const KeepAlive = valid(z.int().min(1).max(3_600), 'be an integer from 1 to 3600');
export const Seconds = valid(z.number().min(0).max(86_400), 'be a number from 0 to 86400');
export const Share = valid(z.number().min(0).max(1), 'be a number from 0 to 1');

export const Host = valid(
  z.string().regex(/^[\w.:%-]+$/),
  'be a host name or an IP address, without scheme, port or brackets',
);
export const ApiKey = valid(
  z.string().max(API_KEY_MAX_LENGTH).regex(API_KEY_PATTERN),
  `be printable ASCII without white space at its ends, at most ${API_KEY_MAX_LENGTH} characters`,
);
/** Exactly as browsers send them, since they are compared as text. */
export const Origins = valid(
  z.array(z.string().refine((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text)),
  'be a list of origins such as "https://app.example.com": scheme and lower-case host, no path',
);
export const Runtime = valid(z.enum(['local', 'kubernetes', 'docker']), 'be "local", "kubernetes" or "docker"');
export const Driver = valid(z.literal('simulated'), 'be "simulated": no other driver exists yet');
/** One path, or several. */
export const Paths = valid(z.union([Text, z.array(Text)]), 'be a path').transform((paths) => [paths].flat());
/** An RFC 1123 label. */
export const Namespace = valid(
  z.string().regex(/^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  'be a Kubernetes namespace: lower-case letters, digits and "-", at most 63',
);

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const satisfies LevelWithSilent[];
/** Python's names, where they differ from pino's. */
const PYTHON_LEVELS: Record<string, string> = { notset: 'trace', warning: 'warn', critical: 'fatal' };
const levelOf = (name: string) => PYTHON_LEVELS[name.toLowerCase()] ?? name.toLowerCase();

export const LogLevel = z.preprocess(
  (name) => (typeof name === 'string' ? levelOf(name) : name),
  z.enum(LEVELS, `must be one of ${[...LEVELS, ...Object.keys(PYTHON_LEVELS)].join(', ')} (case-insensitive)`),
);
