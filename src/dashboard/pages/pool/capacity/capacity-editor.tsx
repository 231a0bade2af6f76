// Changes the capacity of a pool, with a preview of what the scaling rule would do.
import { useEffect, useRef, type RefObject } from 'react';
import type { PoolResponse } from '../../../../contract/pool.ts';
import type { Call } from '../../../api/snippets.ts';
import { useStore } from '../../../api/store.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyAs } from '../../../ui/copy-as.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { CapacityPair } from '../../../pool/capacity-pair.tsx';
import { proposal } from '../../../pool/proposal.ts';
import { Overtaken } from './overtaken.tsx';
import { Preview } from './preview.tsx';
import { useCapacityEditor } from './use-capacity-editor.ts';

export const CapacityEditor = ({ pool }: { readonly pool: PoolResponse }) => {
  const form = useRef<HTMLFormElement>(null);
  // The buttons go once there is nothing to apply: the focus stays in the form.
  const editor = useCapacityEditor(pool, () => form.current?.focus({ preventScroll: true }));
  const { draft, edits, isOvertaken, isPending, error } = editor;
  const isStale = useIsStale();
  useProposal(pool.name, form, { onEdit: editor.edit, isPending });
  const isChanged = Object.keys(edits).length > 0;
  const pair = { stored: pool.capacitySpec, draft, isReadOnly: isPending, onEdit: editor.edit };
  const canApply = draft.patch !== undefined && !isPending && !isStale;
  return (
    <form
      ref={form}
      className="cap-edit"
      aria-labelledby="capacity-title"
      tabIndex={-1}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (canApply && !isOvertaken) editor.apply();
      }}
    >
      <CapacityPair low="bufferMin" high="bufferMax" {...pair} />
      <CapacityPair low="poolMin" high="poolMax" {...pair} />
      {!isChanged && <AtRest applied={editor.applied} />}
      {isChanged && <Preview pool={pool} draft={draft} />}
      {isOvertaken && editor.base && (
        <Overtaken
          base={editor.base}
          stored={pool.capacitySpec}
          edits={edits}
          canReapply={canApply}
          onReapply={editor.reapply}
          onDiscard={editor.reset}
        />
      )}
      {error && !isOvertaken && (
        <ErrorNotice title="The capacity was not changed." error={error} retry={editor.apply} />
      )}
      {isChanged && !isOvertaken && (
        <div className="row">
          <Button kind="primary" type="submit" disabled={!canApply}>
            {isPending ? 'Applying' : 'Apply'}
          </Button>
          <Button kind="quiet" disabled={isPending} onClick={editor.reset}>
            Reset
          </Button>
          <span className="grow" />
          {draft.patch && <CopyAs call={patchCall(pool.name, draft.patch, editor.ifMatch)} />}
        </div>
      )}
    </form>
  );
};

const AtRest = ({ applied }: { readonly applied: number | undefined }) => (
  <p className="help" role="status">
    {applied === undefined
      ? 'Change a number or move a slider to see what the scaling rule would do.'
      : `Applied as generation ${applied}.`}
  </p>
);

const patchCall = (name: string, capacitySpec: object, ifMatch: string): Call => ({
  method: 'PATCH',
  path: `v1/pools/${encodeURIComponent(name)}`,
  headers: { 'If-Match': ifMatch },
  body: { capacitySpec },
  procedure: 'pools.patch',
  input: { name, capacitySpec, ifMatch },
});

type ProposalTarget = { readonly onEdit: (edits: Record<string, number>) => void; readonly isPending: boolean };

/** Takes over what another part of the dashboard proposes, once nothing is pending, and moves the focus to its field. */
const useProposal = (
  name: string,
  form: RefObject<HTMLFormElement | null>,
  { onEdit, isPending }: ProposalTarget,
): void => {
  const proposed = useStore(proposal, (value) => (value?.name === name ? value : undefined));
  useEffect(() => {
    if (proposed === undefined || isPending) return;
    proposal.set(undefined);
    onEdit({ [proposed.bound]: proposed.value });
    const field = form.current?.querySelector<HTMLInputElement>(`[name=${proposed.bound}]`);
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: 'center' });
  }, [proposed, form, onEdit, isPending]);
};
