// The foot of a dialog that asks before it acts: what explains at the left, then Cancel, and the action last.
import type { ReactNode } from 'react';
import { Button } from './button.tsx';

type DialogActionsProps = {
  /** What explains: the same call with other tools, or whether the input is valid. */
  readonly lead: ReactNode;
  readonly onClose: () => void;
  /** The button of the action. */
  readonly children: ReactNode;
};

export const DialogActions = ({ lead, onClose, children }: DialogActionsProps) => (
  <>
    {lead}
    <span className="grow" />
    <Button kind="quiet" onClick={onClose}>
      Cancel
    </Button>
    {children}
  </>
);
