// Release: the holder's work ends, so it is asked first.
import type { Claim } from '../../../../contract/claim.ts';
import { client } from '../../../api/client.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { refreshPool } from '../../../pool/use-pool-query.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyAs } from '../../../ui/copy-as.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DialogActions } from '../../../ui/dialog-actions.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Age } from '../../../ui/time.tsx';
import { useAction } from '../../../api/use-action.ts';

type ClaimDialogProps = { readonly claim: Claim; readonly onClose: () => void };

export const ReleaseDialog = ({ claim: { id, poolUid, member, boundAt }, onClose }: ClaimDialogProps) => {
  const isStale = useIsStale();
  const release = useAction({
    mutationFn: () => client.claims.release.mutate({ id }),
    onSuccess: async () => {
      onClose();
      await refreshPool(poolUid);
    },
  });
  return (
    <Dialog
      title="Release claim"
      onClose={onClose}
      actions={
        <DialogActions
          lead={
            <CopyAs call={{ method: 'DELETE', path: `v1/claims/${id}`, procedure: 'claims.release', input: { id } }} />
          }
          onClose={onClose}
        >
          <Button
            danger
            disabled={release.isPending || isStale}
            onClick={() => {
              release.mutate();
            }}
          >
            Release
          </Button>
        </DialogActions>
      }
    >
      <p>
        Claim <span className="mono">{id}</span> has held <span className="mono">{member.name}</span> for{' '}
        <Age at={boundAt} detailed />. It ends now, and the member is recycled: anybody who works in it is cut off.
      </p>
      {release.error && <ErrorNotice title="The claim was not released." error={release.error} />}
    </Dialog>
  );
};
