// The ETag of summaries: a hash of what they say.
import { createHash } from 'node:crypto';
import type { PoolSummaries } from '../../contract/summary.ts';
import { memoize } from '../../lib/memoize.ts';

export const summariesEtag = memoize(
  (summaries: PoolSummaries): string =>
    `"${createHash('sha256').update(JSON.stringify(summaries)).digest('base64url').slice(0, 22)}"`,
);
