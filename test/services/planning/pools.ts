// Pools and members for the tests of planning.
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
