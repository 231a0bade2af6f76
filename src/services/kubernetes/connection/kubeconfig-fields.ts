// What the entries of a kubeconfig have in common. Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/**
 * A kubeconfig, or a credential it names, cannot be used. The message names the field or setting and the fix. It never contains
 * the content of a file or the output of a plugin: both may be credentials.
 */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
}

/** Like kubectl, treats null and the empty string as absent. */
export const or = <Value, Absent>(schema: z.ZodType<Value>, absent: Absent) =>
  schema.nullish().transform((value) => value ?? absent);
export const TextField: z.ZodType<string | undefined> = or(z.string(), undefined).transform((text) =>
  text === '' ? undefined : text,
);
export const BooleanField = or(z.boolean(), false);
export const listField = <Item>(item: z.ZodType<Item>) => or<Item[], Item[]>(z.array(item), []);

const PEM = '-----BEGIN ';
const Pem = TextField.refine(
  (text) => text?.includes(PEM) !== true,
  'contains PEM text, but must be its base64 encoding (base64 -w0 FILE); a path belongs in the field without "-data"',
)
  .transform((text) => (text === undefined ? undefined : Buffer.from(text, 'base64').toString()))
  .refine((text) => text === undefined || text.includes(PEM), 'must be the base64 encoding of a PEM file');

/** Where an entry is: the folder that its relative paths start at, and its place for messages, such as `users["me"].user`. */
export type Place = { readonly folder: string; readonly field: string };

/** Throws KubeConfigError. */
export const refuseField = ({ field }: Place, name: string, reason: string): never => {
  throw new KubeConfigError(`${field}.${name}: ${reason}.`);
};

/** A text that is in the kubeconfig or in a file it names. `read` throws KubeConfigError with `field`. */
export type Value = { readonly field: string; readonly read: () => string };

const valueIn = (place: Place, name: string, schema: typeof TextField, load: (text: string) => string) =>
  schema.transform((text): Value | undefined =>
    text === undefined ? undefined : { field: `${place.field}.${name}`, read: () => load(text) },
  );

/** A field that contains the value. */
export const textIn = (place: Place, name: string, schema = TextField) => valueIn(place, name, schema, (text) => text);

/** A field that contains the base64 encoding of a PEM file. */
export const pemIn = (place: Place, name: string) => textIn(place, name, Pem);

/** A field that names a file with the value. */
export const fileIn = (place: Place, name: string) =>
  valueIn(place, name, TextField, (relative) => {
    const file = path.resolve(place.folder, relative);
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      return refuseField(place, name, `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    }
  });
