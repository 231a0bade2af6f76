// The ConfigMap that keeps a pool's newest decisions: one line of JSON each, newest first.
import { z } from 'zod';
import { Decision } from '../../../contract/decision.ts';
import { NAME_MAX_LENGTH } from '../../../contract/limits.ts';
import { parseJson } from '../../../lib/json.ts';
import type { Pool } from '../../pools/pool.ts';
import { POOL_NAME } from '../pods/pod-metadata.ts';
import { POOLS } from '../resource/pool-resource.ts';
import type { Resource } from '../resource/resource-client.ts';

const ConfigMap = z.object({
  metadata: z.object({ name: z.string(), resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
});
export type ConfigMap = z.output<typeof ConfigMap>;

export const CONFIG_MAPS: Resource<ConfigMap> = { group: '', version: 'v1', plural: 'configmaps', schema: ConfigMap };

/** Label of the ConfigMaps with decisions, with the value `true`. */
const DECISIONS = 'warmpool.dev/decisions';
export const DECISIONS_SELECTOR = `${DECISIONS}=true`;

/** Maximum number of decisions that are kept of a pool. */
export const KEPT_DECISIONS = 100;
/** Maximum size of the data, in bytes. */
const DATA_MAX_BYTES = 60_000;
const KEY = 'decisions';

/** By uid: a pool that is created again under the same name has another ConfigMap. */
export const decisionMapName = (poolUid: string): string => `warmpool-decisions-${poolUid}`;

/**
 * The decisions, newest first, as they are stored: the oldest ones that are too many or do not fit are left out.
 * @param resourceVersion Of the stored ConfigMap that it replaces.
 */
export const toDecisionMap = ({ uid, name }: Pool, decisions: readonly Decision[], resourceVersion?: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: decisionMapName(uid),
    // A label cannot have a longer value.
    labels: { [DECISIONS]: 'true', ...(name.length <= NAME_MAX_LENGTH && { [POOL_NAME]: name }) },
    ownerReferences: [{ apiVersion: `${POOLS.group}/${POOLS.version}`, kind: POOLS.kind, name, uid }],
    resourceVersion,
  },
  data: { [KEY]: formatDecisions(decisions) },
});

const formatDecisions = (decisions: readonly Decision[]): string => {
  let text = '';
  let bytes = KEY.length;
  for (const decision of decisions.slice(0, KEPT_DECISIONS)) {
    const line = `${JSON.stringify(decision)}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > DATA_MAX_BYTES) break;
    text += line;
  }
  return text;
};

/** Ids are numbers that grow. */
const StoredDecision = Decision.extend({ id: z.string().regex(/^\d{1,15}$/) });

/** The decisions of a ConfigMap, newest first, without lines that are not decisions: somebody edited them, or a newer version wrote them. */
export function* readDecisions({ data }: Pick<ConfigMap, 'data'>): Generator<Decision> {
  for (const line of (data?.[KEY] ?? '').split('\n')) {
    const decision = StoredDecision.safeParse(parseJson(line)).data;
    if (decision !== undefined) yield decision;
  }
}
