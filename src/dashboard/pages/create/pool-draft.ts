// The pool to create, as one object that the form and the YAML both edit: what the form has no field for stays.
import type { WritablePool } from '../../yaml/pool-yaml.ts';
import { applyChanges } from '../../yaml/changes.ts';
import type { Path } from '../../yaml/document.ts';

export type PoolDraft = WritablePool;

/** Small, and useful on any machine. */
export const NEW_POOL: PoolDraft = {
  name: '',
  template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14-slim', command: ['sleep', 'infinity'] }] } },
  capacitySpec: { bufferMin: 3, bufferMax: 5, poolMin: 0, poolMax: 10 },
};

/** Where the fields of the form are in the pool. */
export const FIELDS = {
  name: ['name'],
  image: ['template', 'spec', 'containers', 0, 'image'],
  scale: ['scaleStrategy', 'maxUnavailable'],
  update: ['updateStrategy', 'maxUnavailable'],
  recycle: ['recycleStrategy', 'type'],
} as const satisfies Record<string, Path>;

const valueAt = (draft: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? value[key as keyof typeof value] : undefined),
    draft,
  );

export const textAt = (draft: PoolDraft, path: Path): string => {
  const value = valueAt(draft, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** `undefined` removes the value. */
export const withField = (draft: PoolDraft, path: Path, after: unknown): PoolDraft =>
  applyChanges(draft, [{ path, before: undefined, after }]) as PoolDraft;

/** `3` is a number of members, `25%` a percentage; empty is the default. */
export const parseShare = (text: string): string | number | undefined => {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
};

/** `env=prod` for each label. */
export const labelsOf = ({ labels }: PoolDraft): readonly string[] =>
  typeof labels === 'object' && labels !== null
    ? Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`)
    : [];

/** A label without "=" has an empty value. */
export const toLabels = (tags: readonly string[]): Readonly<Record<string, string>> | undefined =>
  tags.length === 0
    ? undefined
    : Object.fromEntries(
        tags.map((tag) => {
          const at = tag.indexOf('=');
          return at < 0 ? [tag, ''] : [tag.slice(0, at), tag.slice(at + 1)];
        }),
      );
