// Facts that are derived from a pool.
import { z } from 'zod';
import type { Decision } from '../../../../contract/decision.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { MAX_UNAVAILABLE_DEFAULT } from '../../../../contract/strategies.ts';

/** With the defaults written out: `scale 25%, update 1, recycle Delete`. */
export const describeStrategies = ({ scaleStrategy, updateStrategy, recycleStrategy }: PoolResponse): string => {
  const scale = scaleStrategy?.maxUnavailable ?? MAX_UNAVAILABLE_DEFAULT;
  const update = updateStrategy?.maxUnavailable ?? MAX_UNAVAILABLE_DEFAULT;
  return `scale ${scale}, update ${update}, recycle ${recycleStrategy?.type ?? 'Delete'}`;
};

/**
 * When the generation began, as RFC 3339: its first decision, which follows the change at once. Undefined if that is
 * not among these decisions (newest first), so unknown.
 */
export const generationSince = (decisions: readonly Decision[], generation: number): string | undefined => {
  const before = decisions.findIndex((decision) => decision.generation < generation);
  return before <= 0 ? undefined : decisions[before - 1]?.at;
};

const Containers = z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) });

/** Of the containers of a template, in their order; empty if it cannot be read. */
export const imagesOf = (template: unknown): readonly string[] =>
  Containers.safeParse(template).data?.spec.containers.map(({ image }) => image) ?? [];
