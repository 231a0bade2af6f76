// A dialog: title, body, and its actions at the foot. Escape and the button in its corner close it; focus returns.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useReturnFocus } from './use-return-focus.ts';

type DialogProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the primary one first. */
  readonly actions?: ReactNode;
  /** In pixels. Default 480; on narrow screens a dialog fills the screen. */
  readonly width?: number;
};

export const Dialog = ({ title, onClose, children, actions, width = 480 }: DialogProps) => {
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={width}
      classNames={{ header: 'dialog-head', title: 'dialog-title', body: 'dialog-content', content: 'dialog-box' }}
    >
      {children}
      {actions && <div className="dialog-foot">{actions}</div>}
    </Modal>
  );
};
