// The callers that wait in the lines of a server, as its Lease names them: by pool, a token for each.
import { z } from 'zod';
import { parseJson } from '../../../lib/json.ts';

/** Tokens of callers that wait, by the uid of their pool. */
export type Waiting = ReadonlyMap<string, readonly string[]>;

/** On the Lease of a server, as an annotation: its `Waiting` as JSON. */
export const WAITING = 'warmpool.dev/waiting';

/** With uids of 36 and tokens of up to 16 characters, the JSON stays below the 256 KiB that annotations may have. */
const TOKENS_MAX = 5_000;
const POOLS_MAX = 3_000;

/** At most 5 000 tokens of 3 000 pools: pools with short lines keep them, the others share what is left evenly. */
export const formatWaiting = (waiting: Waiting): string => {
  const pools = [...waiting].filter(([, tokens]) => tokens.length > 0).slice(0, POOLS_MAX);
  const shortestFirst = pools.toSorted(([, one], [, other]) => one.length - other.length);
  let left = TOKENS_MAX;
  const shares = shortestFirst.map(([uid, tokens], index) => {
    const share = tokens.slice(0, Math.floor(left / (pools.length - index)));
    left -= share.length;
    return [uid, share] as const;
  });
  return JSON.stringify(Object.fromEntries(shares));
};

const Stored = z.record(z.string(), z.array(z.string()));

/** Empty for a text that is not of a server: somebody edited it. */
export const parseWaiting = (text: string): Waiting =>
  new Map(Object.entries(Stored.safeParse(parseJson(text)).data ?? {}));
