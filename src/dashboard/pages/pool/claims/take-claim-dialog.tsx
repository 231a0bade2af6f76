// Take a claim for a try, and see how to use its member.
import { NumberInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { CreateClaim } from '../../../../contract/claim.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { client } from '../../../api/client.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyAs } from '../../../ui/copy-as.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DialogActions } from '../../../ui/dialog-actions.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { HeldClaim } from './held-claim.tsx';
import { useAction } from '../../../api/use-action.ts';

type TakeClaimDialogProps = { readonly pool: PoolResponse; readonly onClose: () => void };

const TTL_SECONDS = 600;
const WAIT_SECONDS = 30;

/** Who looks at the list of claims sees where this one came from. */
const LABELS = { via: 'dashboard' };

export const TakeClaimDialog = ({ pool: { name }, onClose }: TakeClaimDialogProps) => {
  const [ttlSeconds, setTtl] = useState<number | string>(TTL_SECONDS);
  const [waitSeconds, setWait] = useState<number | string>(WAIT_SECONDS);
  const body = { ttlSeconds, waitSeconds, labels: LABELS };
  const checked = CreateClaim.safeParse(body);
  const problemOf = (field: string): string | undefined =>
    checked.error?.issues.find(({ path }) => path[0] === field)?.message;
  const isStale = useIsStale();
  const call = useRef<AbortController>(null);
  // The server ends the claim of a client that has left.
  useEffect(() => () => call.current?.abort(), []);
  const take = useAction({
    mutationFn: () => {
      const { signal } = (call.current = new AbortController());
      return client.claims.create.mutate({ name, ...CreateClaim.parse(body) }, { signal });
    },
  });
  if (take.data !== undefined) return <HeldClaim claim={take.data} onClose={onClose} />;
  const fields = [
    ['ttlSeconds', 'Hold it for, in seconds', ttlSeconds, setTtl],
    ['waitSeconds', 'Wait for a free member, in seconds', waitSeconds, setWait],
  ] as const;
  const path = `v1/pools/${name}/claims`;
  return (
    <Dialog
      title={`Take a claim on ${name}`}
      onClose={onClose}
      actions={
        <DialogActions
          lead={<CopyAs call={{ method: 'POST', path, body, procedure: 'claims.create', input: { name, ...body } }} />}
          onClose={onClose}
        >
          <Button
            kind="primary"
            disabled={!checked.success || take.isPending || isStale}
            onClick={() => {
              take.mutate();
            }}
          >
            {take.isPending ? 'Waiting for a member…' : 'Take a claim'}
          </Button>
        </DialogActions>
      }
    >
      <div className="fields">
        {fields.map(([field, label, value, set], index) => (
          <NumberInput
            key={field}
            label={label}
            error={problemOf(field)}
            value={value}
            onChange={set}
            allowDecimal={false}
            {...(index === 0 && { 'data-autofocus': true })}
          />
        ))}
      </div>
      {take.error && <ErrorNotice title="The claim was not created." error={take.error} />}
    </Dialog>
  );
};
