// A change of the capacity that another part of the dashboard proposes: the editor takes it over, and nothing is applied.
import { Store } from '../api/store.ts';
import type { Bound } from './capacity-draft.ts';

export type Proposal = { readonly name: string; readonly bound: Bound; readonly value: number };

/** Undefined once the editor has taken it over. */
export const proposal = new Store<Proposal | undefined>(undefined);

export const proposeCapacity = (proposed: Proposal): void => {
  proposal.set(proposed);
};
