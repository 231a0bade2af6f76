import type { PoolResponse } from '../../../../contract/pool.ts';
import { Dialog } from '../../../ui/dialog.tsx';

type TakeClaimDialogProps = { readonly pool: PoolResponse; readonly onClose: () => void };

export const TakeClaimDialog = ({ pool, onClose }: TakeClaimDialogProps) => (
  <Dialog title={`Take a claim of ${pool.name}`} onClose={onClose}>
    <p />
  </Dialog>
);
