// How simulated members behave, as annotations of the template say.
import { z } from 'zod';
import { closedObject } from '../../../contract/closed-object.ts';
import { must } from '../../../contract/must.ts';
import { below, toViolations, type FoundViolation } from '../../../contract/violations.ts';
import { isJsonObject, type JsonObject } from '../../../lib/json.ts';

const PREFIX = 'simulated.warmpool.dev/';

const START_SECONDS = `${PREFIX}start-seconds` as const;
const FAILURE_RATE = `${PREFIX}failure-rate` as const;
const FAILURE_MESSAGE = `${PREFIX}failure-message` as const;
const MISSING_IMAGE = `${PREFIX}missing-image` as const;

const START_SECONDS_MAX = 86_400;
const MESSAGE_MAX_LENGTH = 1_000;

export type MemberSettings = {
  /** Mean time from start to ready in seconds, spread by ±50 %. Stopping takes a quarter of it. */
  readonly startSeconds: number;
  /** Share of starts that fail, 0 to 1. */
  readonly failureRate: number;
  /** What a member reports whose start failed. */
  readonly failureMessage: string;
};

/** A number as annotations have it: in a string, in plain decimal notation. */
const numberText = (max: number) => {
  const rule = must(`be a string with a number from 0 to ${max}, such as "0.5"`);
  return z
    .string(rule)
    .regex(/^\d+(\.\d+)?$/, rule)
    .transform(Number)
    .refine((value) => value <= max, rule);
};

const messageRule = must(`be a string of 1 to ${MESSAGE_MAX_LENGTH} characters`);

const message = z.string(messageRule).min(1, messageRule).max(MESSAGE_MAX_LENGTH, messageRule);

const Settings = closedObject({
  [START_SECONDS]: numberText(START_SECONDS_MAX).optional(),
  [FAILURE_RATE]: numberText(1).optional(),
  [FAILURE_MESSAGE]: message.optional(),
  [MISSING_IMAGE]: message.optional(),
}).transform(
  ({
    [START_SECONDS]: startSeconds,
    [FAILURE_RATE]: failureRate,
    [FAILURE_MESSAGE]: failureMessage,
    [MISSING_IMAGE]: missingImage,
  }): Partial<MemberSettings> & { readonly missingImage?: string } => ({
    ...(startSeconds !== undefined && { startSeconds }),
    ...(failureRate !== undefined && { failureRate }),
    ...(failureMessage !== undefined && { failureMessage }),
    ...(missingImage !== undefined && { missingImage }),
  }),
);

/** Kubernetes converts the keys of annotations to lower case before it validates them. */
const isOwn = (key: string) => key.toLowerCase().startsWith(PREFIX);

const parse = ({ metadata }: JsonObject) => {
  const annotations = isJsonObject(metadata) && isJsonObject(metadata.annotations) ? metadata.annotations : {};
  return Settings.safeParse(Object.fromEntries(Object.entries(annotations).filter(([key]) => isOwn(key))));
};

const violationsOf = (error: z.core.$ZodError) => below(['metadata', 'annotations'], toViolations(error));

/** Invalid values and unknown keys among the template's annotations for this driver; it accepts everything else. */
export const reviewSettings = (template: JsonObject): FoundViolation[] => {
  const { error } = parse(template);
  return error === undefined ? [] : violationsOf(error);
};

/** The settings that the template has. Throws an error that names the first violation: `reviewSettings` lists all of them. */
export const settingsOf = (template: JsonObject): Partial<MemberSettings> => {
  const { data, error } = parse(template);
  if (error !== undefined) {
    const [first] = violationsOf(error);
    throw new Error(`template.${first?.path.join('.') ?? ''}: ${first?.message ?? 'invalid'}`);
  }
  const { missingImage, ...settings } = data;
  if (missingImage === undefined || !imagesOf(template).includes(missingImage)) return settings;
  return { ...settings, failureRate: 1, failureMessage: `Cannot pull image "${missingImage}": manifest unknown.` };
};

const imagesOf = ({ spec }: JsonObject): readonly unknown[] => {
  const containers = isJsonObject(spec) && Array.isArray(spec.containers) ? (spec.containers as unknown[]) : [];
  return containers.map((container) => (isJsonObject(container) ? container.image : undefined));
};
