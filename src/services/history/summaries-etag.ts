// The ETag of summaries: a hash of what they say.
import type { PoolSummaries } from '../../contract/summary.ts';
import { memoize } from '../../lib/memoize.ts';
import { shortHash } from '../../lib/short-hash.ts';

export const summariesEtag = memoize(
  (summaries: PoolSummaries): string => `"${shortHash([JSON.stringify(summaries)])}"`,
);
