// Which pods are held: OpenSandbox's controller writes it into annotations of the BatchSandbox that holds them.
import { z } from 'zod';
import type { Pool } from '../../pools/pool.ts';

export type BatchSandbox = {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly poolRef?: string };
};

/** Source: OpenSandbox, kubernetes/internal/controller/apis.go. */
const ALLOCATED = 'sandbox.opensandbox.io/alloc-status';
const RELEASED = 'sandbox.opensandbox.io/alloc-release';

const PodNames = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.object({ pods: z.array(z.string()) }));

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

const podNames = (annotation: string | undefined): readonly string[] => {
  try {
    return annotation === undefined ? [] : PodNames.parse(annotation).pods;
  } catch {
    return [];
  }
};
