// Names, labels and annotations in Kubernetes' syntax, on every runtime.
// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
import { z } from 'zod';
import { ANNOTATIONS_MAX_BYTES, NAME_MAX_LENGTH, RESERVED_ANNOTATION_PREFIXES } from './limits.ts';
import { must } from './must.ts';

/** The name of a pool: an RFC 1123 label. */
export const PoolName = z
  .string(must('be a string'))
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    must('consist of lower-case letters, digits and "-", and begin and end with a letter or digit'),
  )
  .max(NAME_MAX_LENGTH, must(`have at most ${NAME_MAX_LENGTH} characters`))
  .meta({ description: 'Name of the pool, unique among those that exist.', examples: ['agents'] });

const SEGMENT = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a text is a DNS subdomain (RFC 1123), as Kubernetes asks of names of objects and of prefixes of keys. */
export const isSubdomain = (text: string): boolean => text.length <= 253 && SUBDOMAIN.test(text);

/** Whether a text is a label's or annotation's key: `[prefix/]name`. */
export const isQualifiedName = (key: string): boolean => {
  const slash = key.indexOf('/');
  if (slash < 0) return SEGMENT.test(key);
  return isSubdomain(key.slice(0, slash)) && SEGMENT.test(key.slice(slash + 1));
};

const KEY_RULE = {
  error:
    'the key must be [prefix/]name: a DNS subdomain as prefix, and a name of 1 to 63 letters, digits, "-", "_" and "." that begins and ends with a letter or digit',
};

const MetadataKey = z.string().refine(isQualifiedName, KEY_RULE);

const isReserved = (key: string) => RESERVED_ANNOTATION_PREFIXES.some((prefix) => key.toLowerCase().startsWith(prefix));

/** Kubernetes lowers the case of an annotation's key before it judges it (apimachinery, ValidateAnnotations). */
const AnnotationKey = z
  .string()
  .refine((key) => isQualifiedName(key.toLowerCase()), KEY_RULE)
  .refine((key) => !isReserved(key), {
    error: `keys under ${RESERVED_ANNOTATION_PREFIXES.join(' and ')} are reserved`,
  });

/** Whether a text is the value of a label. */
export const isLabelValue = (value: string): boolean => value === '' || SEGMENT.test(value);

const LabelValue = z
  .string(must('be a string'))
  .refine(
    isLabelValue,
    must('be empty or 1 to 63 letters, digits, "-", "_" and ".", and begin and end with a letter or digit'),
  );

const AnnotationValue = z.string(must('be a string'));

const bytes = (annotations: Readonly<Record<string, string>>) =>
  Object.entries(annotations).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

export const Labels = z
  .record(MetadataKey, LabelValue, must('be an object'))
  .meta({ id: 'Labels', description: 'Labels in Kubernetes syntax.', examples: [{ team: 'search' }] });
export type Labels = z.infer<typeof Labels>;

export const Annotations = z
  .record(AnnotationKey, AnnotationValue, must('be an object'))
  .refine((annotations) => bytes(annotations) <= ANNOTATIONS_MAX_BYTES, {
    error: `all annotations together must have at most ${ANNOTATIONS_MAX_BYTES} bytes`,
  })
  .meta({
    id: 'Annotations',
    description: 'Annotations in Kubernetes syntax; those under warmpool.dev/ and kubectl.kubernetes.io/ are reserved.',
    examples: [{ owner: 'search@example.com' }],
  });
export type Annotations = z.infer<typeof Annotations>;

/** Labels in a merge patch: `null` removes a label. */
export const LabelsPatch = z.record(MetadataKey, LabelValue.nullable(), must('be an object or null'));

/** Annotations in a merge patch: `null` removes an annotation; reserved keys are refused. */
export const AnnotationsPatch = z.record(AnnotationKey, AnnotationValue.nullable(), must('be an object or null'));

/** The annotations without the reserved ones, as answers show them. */
export const publicAnnotations = (annotations: Readonly<Record<string, string>>): Annotations =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => !isReserved(key)));

/** The reserved annotations, which every write keeps. */
export const reservedAnnotations = (annotations: Readonly<Record<string, string>>): Annotations =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => isReserved(key)));
