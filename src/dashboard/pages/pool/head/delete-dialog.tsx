// Deletes a pool, by typing its name. A pool with allocated members is only deleted by force.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PoolResponse } from '../../../../contract/pool.ts';
import type { Call } from '../../../api/snippets.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyAs } from '../../../ui/copy-as.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DialogActions } from '../../../ui/dialog-actions.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { describeDeletion } from './describe-deletion.ts';
import { useDeletePool } from './use-delete-pool.ts';

type DeleteDialogProps = {
  readonly pool: PoolResponse;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
};

export const DeleteDialog = ({ pool, onClose, onDeleted }: DeleteDialogProps) => {
  const [typed, setTyped] = useState('');
  const isStale = useIsStale();
  const { remove, isPending, error, ifMatch, isInUse, isConflict, acceptChange } = useDeletePool(pool, onDeleted);
  const isConfirmed = typed === pool.name;
  const canDelete = isConfirmed && !isPending && !isStale && !isConflict;
  const submit = (force: boolean) => {
    if (canDelete) remove(force);
  };
  return (
    <Dialog
      title={`Delete ${pool.name}?`}
      onClose={onClose}
      actions={
        <DialogActions lead={<CopyAs call={deleteCall(pool.name, ifMatch, isInUse)} />} onClose={onClose}>
          <Button danger type="submit" form="delete-pool" disabled={!canDelete}>
            {isInUse ? 'Delete by force' : 'Delete pool'}
          </Button>
        </DialogActions>
      }
    >
      <form
        id="delete-pool"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit(isInUse);
        }}
      >
        <p>{describeDeletion(pool.status)}</p>
        <TextInput
          label={
            <>
              Type <b className="mono">{pool.name}</b> to confirm
            </>
          }
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
          }}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
      </form>
      {error && (
        <ErrorNotice title="The pool was not deleted." error={error}>
          {isInUse && (
            <span>By force, their claims end as lost, and anybody who holds one loses its member at once.</span>
          )}
          {isConflict && (
            <Button small onClick={acceptChange}>
              Delete it as it is now
            </Button>
          )}
        </ErrorNotice>
      )}
    </Dialog>
  );
};

const deleteCall = (name: string, ifMatch: string, force: boolean): Call => ({
  method: 'DELETE',
  path: `v1/pools/${encodeURIComponent(name)}${force ? '?force=true' : ''}`,
  headers: { 'If-Match': ifMatch },
  procedure: 'pools.delete',
  input: { name, ifMatch, ...(force && { force }) },
});
