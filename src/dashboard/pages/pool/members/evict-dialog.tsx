// Evict: the member goes, and the rule replaces it. One that is held takes its claim with it.
import type { Member } from '../../../../contract/member.ts';
import { client } from '../../../api/client.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyAs } from '../../../ui/copy-as.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DialogActions } from '../../../ui/dialog-actions.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { useAction } from '../../../api/use-action.ts';

type EvictDialogProps = { readonly member: Member; readonly onClose: () => void };

export const EvictDialog = ({ member: { name, pool, allocated, claimId }, onClose }: EvictDialogProps) => {
  const input = { name: pool, member: name, ...(allocated && { force: true }) };
  const isStale = useIsStale();
  const evict = useAction({ mutationFn: () => client.members.evict.mutate(input), onSuccess: onClose });
  const path = `v1/pools/${pool}/members/${name}${allocated ? '?force=true' : ''}`;
  return (
    <Dialog
      title="Evict member"
      onClose={onClose}
      actions={
        <DialogActions
          lead={<CopyAs call={{ method: 'DELETE', path, procedure: 'members.evict', input }} />}
          onClose={onClose}
        >
          <Button
            danger
            disabled={evict.isPending || isStale}
            onClick={() => {
              evict.mutate();
            }}
          >
            {allocated ? 'Evict, and end its claim' : 'Evict'}
          </Button>
        </DialogActions>
      }
    >
      <p>
        <span className="mono">{name}</span> is stopped. The pool starts another member if its size requires that.
      </p>
      {allocated && (
        <p className="state warn wraps">
          Claim {claimId ?? ''} holds it: the claim is lost, and anybody who works in this member is cut off.
        </p>
      )}
      {evict.error && <ErrorNotice title="The member was not evicted." error={evict.error} />}
    </Dialog>
  );
};
