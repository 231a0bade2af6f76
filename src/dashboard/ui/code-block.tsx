// Text to copy: a button that copies it, and what else the head has.
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

type CodeBlockProps = {
  readonly text: string;
  /** At the left of the head. */
  readonly children?: ReactNode;
};

export const CodeBlock = ({ text, children = <span /> }: CodeBlockProps) => (
  <div className="snippet">
    <div className="snippet-head">
      {children}
      <CopyButton text={text} />
    </div>
    {/* Focusable, because it scrolls. */}
    <pre tabIndex={0}>{text}</pre>
  </div>
);
