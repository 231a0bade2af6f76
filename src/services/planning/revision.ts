// The revision of a pool: a hash of its template.
import { hashJson } from '../../lib/canonical-json.ts';
import { memoize } from '../../lib/memoize.ts';

type Template = Readonly<Record<string, unknown>>;

/** 10 hexadecimal digits of the SHA-256 of the template's canonical JSON: the order of keys does not change it. */
const hashTemplate = memoize((template: Template) => hashJson(template, 10));
const NO_TEMPLATE = hashJson(undefined, 10);

/** The current revision of a pool. Computed once for each template, which later snapshots of the pool share. */
export const revisionOf = ({ specification: { template } }: PoolWithTemplate): string =>
  template === undefined ? NO_TEMPLATE : hashTemplate(template);

type PoolWithTemplate = { readonly specification: { readonly template?: Template | undefined } };
