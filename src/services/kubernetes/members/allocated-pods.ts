// Which pods are allocated: OpenSandbox's controller writes it into annotations of the BatchSandbox that holds them.
import { z } from 'zod';
import { parseJson } from '../../../lib/json.ts';
import type { Pool } from '../../pools/pool.ts';
import { POOLS } from '../resource/pool-resource.ts';

const BatchSandbox = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.object({ poolRef: z.string().optional() }).optional(),
});
export type BatchSandbox = z.output<typeof BatchSandbox>;

export const BATCH_SANDBOXES = {
  group: POOLS.group,
  version: POOLS.version,
  plural: 'batchsandboxes',
  schema: BatchSandbox,
};

/** Source: OpenSandbox, kubernetes/internal/controller/apis.go. */
const ALLOCATED = 'sandbox.opensandbox.io/alloc-status';
const RELEASED = 'sandbox.opensandbox.io/alloc-release';

const PodNames = z.object({ pods: z.array(z.string()) });

/** Names of the pool's pods that are allocated and not released. */
export const allocatedPods = ({ name }: Pool, sandboxes: readonly BatchSandbox[]): ReadonlySet<string> =>
  new Set(
    sandboxes
      .filter(({ spec }) => spec?.poolRef === name)
      .flatMap(({ metadata: { annotations = {} } }) => {
        const released = new Set(podNames(annotations[RELEASED]));
        return podNames(annotations[ALLOCATED]).filter((pod) => !released.has(pod));
      }),
  );

const podNames = (annotation = ''): readonly string[] => PodNames.safeParse(parseJson(annotation)).data?.pods ?? [];
