// "Copy as": the action as curl and as client code, in a dialog.
import { useState } from 'react';
import type { Call } from '../api/snippets.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Snippet } from './snippet.tsx';

type CopyAsProps = { readonly call: Call; readonly word?: string; readonly small?: boolean };

export const CopyAs = ({ call, word = 'Copy as…', small = false }: CopyAsProps) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        kind="quiet"
        small={small}
        icon="code"
        onClick={() => {
          setOpen(true);
        }}
      >
        {word}
      </Button>
      {isOpen && (
        <Dialog
          title="The same with curl or the typed client"
          width={640}
          onClose={() => {
            setOpen(false);
          }}
        >
          <Snippet call={call} />
        </Dialog>
      )}
    </>
  );
};
