// Renew: the lease counts from now.
import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { RenewClaim, type Claim } from '../../../../contract/claim.ts';
import { client } from '../../../api/client.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { refreshPool } from '../../../pool/use-pool-query.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyAs } from '../../../ui/copy-as.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DialogActions } from '../../../ui/dialog-actions.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { formatDuration } from '../../../ui/format.ts';
import { useAction } from '../../../api/use-action.ts';

type RenewDialogProps = { readonly claim: Claim; readonly onClose: () => void };

export const RenewDialog = ({ claim: { id, poolUid, ttlSeconds }, onClose }: RenewDialogProps) => {
  const [seconds, setSeconds] = useState<number | string>(ttlSeconds);
  const checked = RenewClaim.safeParse({ ttlSeconds: seconds });
  const problem = checked.success ? undefined : checked.error.issues[0]?.message;
  const isStale = useIsStale();
  const renew = useAction({
    mutationFn: () => client.claims.renew.mutate({ id, ttlSeconds: Number(seconds) }),
    onSuccess: async () => {
      onClose();
      await refreshPool(poolUid);
    },
  });
  const body = { ttlSeconds: seconds };
  return (
    <Dialog
      title="Renew claim"
      onClose={onClose}
      actions={
        <DialogActions
          lead={
            <CopyAs
              call={{
                method: 'POST',
                path: `v1/claims/${id}/renew`,
                body,
                procedure: 'claims.renew',
                input: { id, ...body },
              }}
            />
          }
          onClose={onClose}
        >
          <Button
            kind="primary"
            disabled={problem !== undefined || renew.isPending || isStale}
            onClick={() => {
              renew.mutate();
            }}
          >
            Renew
          </Button>
        </DialogActions>
      }
    >
      <NumberInput
        label="Seconds from now"
        description={
          problem === undefined ? `The claim then ends in ${formatDuration(Number(seconds) * 1_000)}.` : undefined
        }
        error={problem === undefined ? undefined : `ttlSeconds ${problem}`}
        value={seconds}
        onChange={setSeconds}
        allowDecimal={false}
        data-autofocus
      />
      {renew.error && <ErrorNotice title="The claim was not renewed." error={renew.error} />}
    </Dialog>
  );
};
