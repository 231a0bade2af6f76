// What must be true at rest: a minute after the last fault, while nobody waits in line.
import type { ClaimMark } from '../pods/claim-mark.ts';
import type { PodVersion } from './pod-version.ts';
import { isStuck } from './pod-history.ts';
import { stuckAllowance, type PoolRecord } from './pool-history.ts';
import type { Violation } from './violation.ts';

/** A Lease that commits an Idempotency-Key to a claim. */
export type KeyLease = {
  readonly name: string;
  /** The whole object as JSON: it contains the id of its claim. */
  readonly content: string;
};

type State = {
  readonly pools: readonly PoolRecord[];
  readonly pods: readonly PodVersion[];
  readonly keyLeases: readonly KeyLease[];
};

/** Around a change of leader, a claim ends up to 20 s after it expires. */
const EXPIRY_LAG_MS = 20_000;
/** The leader ends strays after 30 s, and finishes recycling within its tries. */
const STRAY_MS = 60_000;

export const checkFinalState = ({ pools, pods, keyLeases }: State, atMs: number): Violation[] => {
  const current = pools.filter(({ isGone, version }) => !isGone && version.isManaged && !version.isDeleting);
  const membersOf = Map.groupBy(pods, ({ poolUid }) => poolUid);
  const contents = new Map(keyLeases.map(({ name, content }) => [name, content]));
  const known = new Set(pools.filter(({ isGone }) => !isGone).map(({ version }) => version.metadata.uid));
  return [
    ...current.flatMap(({ version }) => checkSize(version, membersOf.get(version.metadata.uid) ?? [], atMs)),
    ...pods.flatMap((pod) => checkPod(pod, known, atMs)),
    ...pods.flatMap(({ mark }) => (mark.kind === 'claim' ? checkKey(mark.claim, contents, atMs) : [])),
  ].map((sentence) => ({ promise: 'final-state', sentence, atMs }));
};

const checkSize = ({ metadata, capacity }: PoolRecord['version'], pods: readonly PodVersion[], atMs: number) => {
  const { bufferMin, bufferMax, poolMin, poolMax } = capacity;
  const existing = pods.length - Math.min(pods.filter((pod) => isStuck(pod, atMs)).length, stuckAllowance(poolMax));
  const scheduled = pods.filter(({ isOver, terminatesAtMs }) => !isOver && terminatesAtMs === undefined);
  const idle = scheduled.filter(({ mark }) => mark.kind === 'idle');
  const ready = idle.filter(({ isUsable }) => isUsable);
  // Held pods count whatever their probe says.
  const size = scheduled.length - idle.length + ready.length;
  const minimum = Math.min(bufferMin, bufferMax);
  const counts = `${ready.length} ready and ${idle.length - ready.length} other idle pods of ${pods.length}`;
  const band = `buffer ${bufferMin} to ${bufferMax}, pool ${poolMin} to ${poolMax}`;
  const isTooSmall = (ready.length < minimum || size < poolMin) && existing < poolMax;
  const isTooLarge = idle.length > bufferMax && scheduled.length > poolMin;
  // At poolMax nothing more can be started, but what is there must be ready.
  const isNotReady = ready.length < idle.length;
  if (!isTooSmall && !isTooLarge && !isNotReady) return [];
  return [`Pool ${metadata.name} does not have its size: ${counts} (${band})`];
};

const checkPod = (
  { metadata, mark, poolUid, terminatesAtMs }: PodVersion,
  pools: ReadonlySet<string>,
  atMs: number,
) => {
  const { name } = metadata;
  if (terminatesAtMs !== undefined) return [];
  const isHeld = mark.kind === 'claim' && mark.claim.state === 'held';
  if (!isHeld && poolUid !== undefined && !pools.has(poolUid)) return [`Pod ${name} is of a pool that does not exist`];
  if (mark.kind === 'none') return [`Pod ${name} has no mark, and was not deleted`];
  if (mark.kind !== 'claim') return [];
  const { id, state, expiresAt } = mark.claim;
  if (!isHeld) return [`Pod ${name} still has claim ${id} as ${state}`];
  return Date.parse(expiresAt) + EXPIRY_LAG_MS < atMs
    ? [`Pod ${name} is held by claim ${id}, which expired at ${expiresAt}`]
    : [];
};

const checkKey = ({ id, key, state, boundAt }: ClaimMark, contents: ReadonlyMap<string, string>, atMs: number) => {
  if (key === undefined || state !== 'held' || Date.parse(boundAt) + STRAY_MS > atMs) return [];
  const content = contents.get(`warmpool-key-${key}`);
  return content?.includes(id) ? [] : [`Claim ${id} is a stray: no Lease commits its Idempotency-Key to it`];
};
