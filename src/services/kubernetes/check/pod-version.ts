// One version of a pod: only what the checker needs of it.
import { z } from 'zod';
import { parseMark, type ClaimMark } from '../pods/claim-mark.ts';
import { CLAIM, EVICT, IDLE, POOL_UID } from '../pods/pod-metadata.ts';
import type { Write } from './violation.ts';

/** Who holds a pod, as its annotations say. */
export type Mark =
  | { readonly kind: 'idle'; readonly number: number }
  | { readonly kind: 'claim'; readonly claim: ClaimMark }
  /** No annotation, or one that cannot be read: such a pod is never handed out. */
  | { readonly kind: 'none' }
  /** Idle and claimed at once. */
  | { readonly kind: 'both'; readonly claim: string };

const OptionalString = z.string().optional();
const StringMap = z.record(z.string(), z.string()).default({});

/** The newest entry of managedFields, without its fields, which are most of a pod's bytes. */
export const ManagedFields = z
  .array(z.object({ manager: OptionalString, time: OptionalString, subresource: OptionalString }))
  .default([])
  .transform((entries) => {
    // Times are whole seconds. A mark is never written through a subresource, as a status is.
    const [newest] = entries
      .map(({ time, ...entry }) => ({ ...entry, writtenAtMs: time === undefined ? undefined : Date.parse(time) }))
      .sort(
        (one, other) =>
          (other.writtenAtMs ?? 0) - (one.writtenAtMs ?? 0) ||
          Number(one.subresource !== undefined) - Number(other.subresource !== undefined),
      );
    return { manager: newest?.manager, writtenAtMs: newest?.writtenAtMs };
  });

const PodVersion = z
  .object({
    metadata: z.object({
      name: z.string(),
      uid: z.string(),
      resourceVersion: z.string(),
      deletionTimestamp: OptionalString,
      labels: StringMap,
      annotations: StringMap,
      managedFields: ManagedFields,
    }),
    status: z
      .object({
        phase: OptionalString,
        podIP: OptionalString,
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      })
      .prefault({}),
  })
  .transform(({ metadata, status }) => {
    const { name, uid, resourceVersion, deletionTimestamp, labels, annotations, managedFields } = metadata;
    const isReady = status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
    return {
      metadata: { name, uid, resourceVersion },
      /** Absent on pods that are not of a managed pool. */
      poolUid: annotations[POOL_UID],
      mark: readMark(annotations),
      /** Whether it may be handed out, apart from its mark. */
      isUsable: isReady && status.podIP !== undefined && deletionTimestamp === undefined && labels[EVICT] === undefined,
      /** When its grace period ends, if it is terminating. */
      terminatesAtMs: deletionTimestamp === undefined ? undefined : Date.parse(deletionTimestamp),
      isOver: status.phase === 'Failed' || status.phase === 'Succeeded',
      ...managedFields,
    };
  });
export type PodVersion = z.output<typeof PodVersion>;

/** The pods of a namespace, those of no pool included: a pod that loses its labels stays in sight. */
export const POD_VERSIONS = { group: '', version: 'v1', plural: 'pods', schema: PodVersion };

/** The write that led to this version. */
export const writeOf = ({ metadata, manager, writtenAtMs }: PodVersion, seenAtMs: number): Write => ({
  seenAtMs,
  resourceVersion: metadata.resourceVersion,
  manager,
  writtenAtMs,
});

const IDLE_NUMBER = /^(0|[1-9]\d{0,14})$/;

const readMark = ({ [IDLE]: idle, [CLAIM]: claim }: Readonly<Record<string, string>>): Mark => {
  if (idle !== undefined && claim !== undefined) return { kind: 'both', claim: parseMark(claim)?.id ?? claim };
  if (idle !== undefined && IDLE_NUMBER.test(idle)) return { kind: 'idle', number: Number(idle) };
  const mark = claim === undefined ? undefined : parseMark(claim);
  return mark ? { kind: 'claim', claim: mark } : { kind: 'none' };
};
