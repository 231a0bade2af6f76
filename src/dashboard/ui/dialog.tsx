// A dialog: title, body, and its actions at the foot. Escape and the button in its corner close it; focus returns.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useReturnFocus } from './use-return-focus.ts';
import { useIsNarrow } from './use-is-narrow.ts';

type DialogProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What explains is at the left; then, after `grow`, the buttons, the primary one last. */
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
      fullScreen={useIsNarrow()}
      classNames={{ header: 'dialog-head', title: 'dialog-title', body: 'dialog-content', content: 'dialog-box' }}
    >
      {children}
      {actions && <div className="dialog-foot">{actions}</div>}
    </Modal>
  );
};
