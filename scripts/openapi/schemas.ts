// Schemas of the document, in the form that generators of SDKs handle: named, without what only zod can read.
import { z } from 'zod';
import { INT32_MAX } from '../../src/contract/limits.ts';

type JsonSchema = {
  readonly type?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly propertyNames?: object;
  readonly additionalProperties?: boolean | object;
};

/** Path → method → operation. */
type Paths = Readonly<Record<string, object>>;

const uri = (id: string) => `#/components/schemas/${id}`;

/** The reference to a schema of the contract, which must have an id. */
export const refTo = (schema: z.ZodType | undefined) => {
  const id = schema?.meta()?.id;
  if (id === undefined) throw new Error('A schema of the document has no id.');
  return { $ref: uri(id) };
};

/** The schemas that the paths refer to. Those of responses are open, so that fields can be added. */
export const componentSchemas = (paths: Paths): Record<string, JsonSchema | undefined> => {
  const all = contractSchemas();
  const used = reachable(paths, all);
  const inResponses = reachable(responsesOf(paths), all);
  return Object.fromEntries([...used].map((name) => [name, inResponses.has(name) ? opened(all[name]) : all[name]]));
};

/** Every schema of the contract that has an id, as clients send it: zod closes its objects otherwise. */
const contractSchemas = (): Readonly<Record<string, JsonSchema>> => {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { io: 'input', uri, override: addDiscriminator });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [name, schema as JsonSchema]),
  );
};

const addDiscriminator = ({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: Record<string, unknown> }) => {
  if (!(zodSchema instanceof z.ZodDiscriminatedUnion)) return;
  const { discriminator: propertyName, options } = zodSchema.def;
  const mapping = options.flatMap((option) => {
    const values = option instanceof z.ZodObject ? (option._zod.propValues[propertyName] ?? []) : [];
    return [...values].map((value) => [String(value), refTo(option as z.ZodType).$ref]);
  });
  Object.assign(jsonSchema, { discriminator: { propertyName, mapping: Object.fromEntries(mapping) as unknown } });
};

const responsesOf = (paths: Paths) =>
  Object.values(paths).flatMap((item) =>
    Object.values(item).map((operation: unknown) => (operation as { responses?: unknown }).responses),
  );

/** Names of the schemas that a part of the document refers to, directly or through other schemas. */
const reachable = (part: unknown, schemas: Readonly<Record<string, unknown>>, found = new Set<string>()) => {
  for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    if (!found.has(name)) reachable(schemas[name], schemas, found.add(name));
  return found;
};

const opened = ({ additionalProperties, ...schema }: JsonSchema = {}): JsonSchema =>
  additionalProperties === undefined || additionalProperties === false ? schema : { ...schema, additionalProperties };

/** Rewrites what generators of SDKs misread, everywhere in a part of the document. */
export const simplify = <Part>(part: Part): Part =>
  JSON.parse(JSON.stringify(part), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? simplified(value) : value,
  ) as Part;

const simplified = ({ pattern, anyOf, propertyNames: _anyString, additionalProperties, ...schema }: JsonSchema) => ({
  ...schema,
  ...(pattern !== undefined && schema.format === undefined && { pattern }),
  ...(anyOf && { [anyOf.some(({ type }) => type === 'null') ? 'anyOf' : 'oneOf']: anyOf }),
  ...(additionalProperties !== undefined && {
    additionalProperties: isEmptyObject(additionalProperties) || additionalProperties,
  }),
  ...(schema.type === 'integer' && integer(schema)),
  ...(schema.enum?.some((value) => String(value).includes('::')) && { 'x-enum-varnames': variableNames(schema.enum) }),
});

/** `::` cannot be in a name of most languages. */
const variableNames = (values: readonly unknown[]) => values.map((value) => String(value).replaceAll('::', '_'));

const isEmptyObject = (value: unknown) => typeof value === 'object' && Object.keys(value ?? {}).length === 0;

/** Zod's bounds of exact integers are not a rule of the API. */
const integer = ({ minimum, maximum }: JsonSchema) => ({
  format: (maximum ?? Infinity) <= INT32_MAX ? 'int32' : 'int64',
  minimum: minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum,
  maximum: maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum,
});
