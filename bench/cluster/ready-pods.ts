// When pods become Ready, by a watch.
import type { ClusterConnection } from '../../src/services/kubernetes/connection/cluster-connection.ts';
import { PODS } from '../../src/services/kubernetes/members/pod.ts';
import { ResourceClient } from '../../src/services/kubernetes/resource/resource-client.ts';

const DEADLINE_SECONDS = 120;

/**
 * Starts a watch of the pods with a label, does `work`, and resolves with the milliseconds from its beginning until `count`
 * pods that it did not find before are Ready. Rejects if they are not after two minutes.
 */
export const msUntilReady = async (
  connection: ClusterConnection,
  { namespace, labelSelector, count }: { namespace: string; labelSelector: string; count: number },
  work: () => Promise<unknown>,
): Promise<number> => {
  const pods = new ResourceClient(connection, PODS, namespace);
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(DEADLINE_SECONDS * 1_000)]);
  const { items, metadata } = await pods.list({ labelSelector }, signal);
  const seen = new Set(items.map((pod) => pod.metadata.uid));
  const events = await pods.watch(metadata.resourceVersion, DEADLINE_SECONDS, signal, labelSelector);
  const startMs = performance.now();
  const readyMs = (async () => {
    let ready = 0;
    for await (const { type, object } of events) {
      if (type === 'BOOKMARK' || type === 'DELETED' || seen.has(object.metadata.uid)) continue;
      if (!object.status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'))
        continue;
      seen.add(object.metadata.uid);
      if (++ready === count) return performance.now() - startMs;
    }
    throw new Error(`Only ${ready} of ${count} pods became Ready.`);
  })();
  const [ms] = await Promise.all([readyMs, work()]);
  ended.abort();
  return ms;
};
