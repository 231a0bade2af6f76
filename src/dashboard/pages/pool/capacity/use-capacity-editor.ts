// The state of the capacity editor: what was typed, on which stored capacity it is based, and how it is applied.
import { useState } from 'react';
import type { CapacitySpec } from '../../../../contract/capacity-spec.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { client } from '../../../api/client.ts';
import { draftOf, isSameCapacity, remainingEdits, type Bound, type Edits } from '../../../pool/capacity-draft.ts';
import { whenLive } from '../../../api/when-live.ts';
import { useAction } from '../../../api/use-action.ts';

type Base = { readonly capacitySpec: CapacitySpec; readonly etag: string };

type State = {
  readonly edits: Edits;
  /** The pool when the first edit was made; undefined without edits. */
  readonly base: Base | undefined;
};

const CLEAN: State = { edits: {}, base: undefined };

/** `onClean` is called when nothing is left to apply. */
export const useCapacityEditor = (pool: PoolResponse, onClean: () => void) => {
  const { name, capacitySpec, etag } = pool;
  const [state, setState] = useState(CLEAN);
  // What somebody else has stored meanwhile is no longer an edit.
  const edits = remainingEdits(capacitySpec, state.edits);
  const base = Object.keys(edits).length === 0 ? undefined : state.base;
  const apply = useAction({
    mutationFn: async (sent: { readonly patch: Partial<CapacitySpec>; readonly ifMatch: string }) => {
      const written = await client.pools.patch.mutate({ name, capacitySpec: sent.patch, ifMatch: sent.ifMatch });
      await whenLive(name, written.generation);
      return written.generation;
    },
    onSuccess: () => {
      setState(CLEAN);
      onClean();
    },
  });
  const { isPending } = apply;
  const isOvertaken = !isPending && base !== undefined && !isSameCapacity(base.capacitySpec, capacitySpec);
  // A change of anything but the capacity does not contradict the edits: they apply to the pool as it is now.
  const ifMatch = isOvertaken ? base.etag : etag;
  const draft = draftOf(capacitySpec, edits);
  const send = (tag: string) => {
    if (draft.patch && !isPending) apply.mutate({ patch: draft.patch, ifMatch: tag });
  };

  return {
    draft,
    edits,
    base: base?.capacitySpec,
    isOvertaken,
    ifMatch,
    /** Nothing can be edited meanwhile. */
    isPending,
    error: apply.error,
    /** The generation that was applied last, until the next edit. */
    applied: apply.data,
    edit: (changes: Partial<Record<Bound, number | string>>) => {
      apply.reset();
      setState(({ base: before, edits: kept }) => ({
        edits: remainingEdits(capacitySpec, { ...kept, ...changes }),
        base: base === undefined ? { capacitySpec, etag } : before,
      }));
    },
    reset: () => {
      apply.reset();
      setState(CLEAN);
      onClean();
    },
    apply: () => {
      send(ifMatch);
    },
    /** The edits again, on what is stored now. */
    reapply: () => {
      setState(({ edits: kept }) => ({ edits: kept, base: { capacitySpec, etag } }));
      send(etag);
    },
  };
};
