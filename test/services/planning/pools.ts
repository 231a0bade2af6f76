// Pools and members for the tests of planning.
import type { Plan } from '../../../src/services/planning/decide.ts';
import type { ObservedMember, ObservedPool } from '../../../src/services/planning/observed-pool.ts';

export const NOW = Date.parse('2026-01-02T03:04:05Z');

/** Capacity in the order of the worked cases. */
export const capacity = (bufferMin: number, bufferMax: number, poolMin: number, poolMax: number) => ({
  bufferMin,
  bufferMax,
  poolMin,
  poolMax,
});

export const member = (name: string, traits: Partial<ObservedMember> = {}): ObservedMember => ({
  name,
  revision: 'new',
  phase: 'ready',
  allocated: false,
  createdAtMs: 0,
  readyAtMs: 0,
  restarts: 0,
  ...traits,
});

/** `count` members of the same traits, named `prefix-00` and on. */
export const members = (count: number, prefix: string, traits: Partial<ObservedMember> = {}) =>
  Array.from({ length: count }, (_, index) => member(`${prefix}-${String(index).padStart(2, '0')}`, traits));

export const pool = (traits: Partial<ObservedPool> = {}): ObservedPool => ({
  capacitySpec: capacity(5, 10, 5, 20),
  members: [],
  toRemove: new Set(),
  unmet: 0,
  revision: 'new',
  ...traits,
});

/** The pool right after a step: removed members are terminating, created ones are starting. */
export const applyPlan = (before: ObservedPool, { create, remove }: Plan, createdAtMs = 0): ObservedPool => {
  const removed = new Set(remove.map(({ name }) => name));
  return {
    ...before,
    members: [
      ...before.members.map((one) => (removed.has(one.name) ? { ...one, phase: 'terminating' as const } : one)),
      ...members(create, `created-${createdAtMs}`, {
        phase: 'starting',
        revision: before.revision,
        createdAtMs,
        readyAtMs: undefined,
      }),
    ],
  };
};

/** The pool some time later: terminating members are gone, and starting ones are ready. */
export const afterAWhile = (before: ObservedPool, readyAtMs = 0): ObservedPool => ({
  ...before,
  members: before.members
    .filter(({ phase }) => phase !== 'terminating')
    .map((one) => (one.phase === 'starting' ? { ...one, phase: 'ready' as const, readyAtMs } : one)),
});
