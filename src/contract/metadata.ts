// Names, labels and annotations in Kubernetes syntax, on every runtime.
// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
import { z } from 'zod';
import { ANNOTATIONS_MAX_BYTES, NAME_MAX_LENGTH, RESERVED_ANNOTATION_PREFIXES } from './limits.ts';
import { must } from './must.ts';

/** The name of a pool: an RFC 1123 label. */
export const PoolName = z
  .string(must('be a string'))
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    must('consist of lower-case letters, digits and "-", and start and end with a letter or digit'),
  )
  .max(NAME_MAX_LENGTH, must(`have at most ${NAME_MAX_LENGTH} characters`))
  .meta({ description: 'Name of the pool.', examples: ['agents'] });

const SEGMENT = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a text is a DNS subdomain (RFC 1123), as Kubernetes requires for object names and key prefixes. */
export const isSubdomain = (text: string): boolean => text.length <= 253 && SUBDOMAIN.test(text);

/** Whether a text is a valid key of a label or annotation: `[prefix/]name`. */
export const isQualifiedName = (key: string): boolean => {
  const slash = key.indexOf('/');
  if (slash < 0) return SEGMENT.test(key);
  return isSubdomain(key.slice(0, slash)) && SEGMENT.test(key.slice(slash + 1));
};

const VALUE_RULE = 'letters, digits, "-", "_" and ".", starting and ending with a letter or digit';
const KEY_RULE = `have the form [prefix/]name: the prefix is a DNS subdomain, the name has 1 to 63 ${VALUE_RULE}`;
const validKey = { error: `the key must ${KEY_RULE}` };

const MetadataKey = z.string().refine(isQualifiedName, validKey);

const RESERVED = RESERVED_ANNOTATION_PREFIXES.join(' and ');
const isReserved = (key: string) => RESERVED_ANNOTATION_PREFIXES.some((prefix) => key.toLowerCase().startsWith(prefix));

/** Kubernetes converts the keys of annotations to lower case before it validates them (apimachinery, ValidateAnnotations). */
const AnnotationKey = z
  .string()
  .refine((key) => isQualifiedName(key.toLowerCase()), validKey)
  .refine((key) => !isReserved(key), {
    error: `keys under ${RESERVED} are reserved`,
  });

/** Whether a text is a valid label value. */
export const isLabelValue = (value: string): boolean => value === '' || SEGMENT.test(value);

const LabelValue = z.string(must('be a string')).refine(isLabelValue, must(`be empty or have 1 to 63 ${VALUE_RULE}`));

const AnnotationValue = z.string(must('be a string'));

const bytes = (annotations: Readonly<Record<string, string>>) =>
  Object.entries(annotations).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

export const Labels = z.record(MetadataKey, LabelValue, must('be an object')).meta({
  id: 'Labels',
  description: `Labels in Kubernetes syntax. Keys ${KEY_RULE}. Values are empty or have 1 to 63 ${VALUE_RULE}.`,
  examples: [{ team: 'search' }],
});
export type Labels = z.infer<typeof Labels>;

export const Annotations = z
  .record(AnnotationKey, AnnotationValue, must('be an object'))
  .refine((annotations) => bytes(annotations) <= ANNOTATIONS_MAX_BYTES, {
    error: `must have at most ${ANNOTATIONS_MAX_BYTES} bytes in total, keys and values together`,
  })
  .meta({
    id: 'Annotations',
    description: `Annotations in Kubernetes syntax. Keys ${KEY_RULE}; those under ${RESERVED} are reserved. Keys and values together have at most ${ANNOTATIONS_MAX_BYTES} bytes.`,
    examples: [{ owner: 'search@example.com' }],
  });
export type Annotations = z.infer<typeof Annotations>;

export const LabelsPatch = z
  .record(MetadataKey, LabelValue.nullable(), must('be an object or null'))
  .meta({ id: 'LabelsPatch', description: 'Labels to add or change; `null` removes a label.' });

export const AnnotationsPatch = z
  .record(AnnotationKey, AnnotationValue.nullable(), must('be an object or null'))
  .meta({ id: 'AnnotationsPatch', description: 'Annotations to add or change; `null` removes an annotation.' });

/** Returns the annotations that responses include: all but the reserved ones. */
export const publicAnnotations = (annotations: Readonly<Record<string, string>>): Annotations =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => !isReserved(key)));

/** Returns the reserved annotations, which every write keeps. */
export const reservedAnnotations = (annotations: Readonly<Record<string, string>>): Annotations =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => isReserved(key)));
