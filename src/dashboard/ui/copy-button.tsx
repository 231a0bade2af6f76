// Copies a text, and says so where it was pressed.
import { useClipboard } from '@mantine/hooks';
import { Button } from './button.tsx';

type CopyButtonProps = { readonly text: string; readonly word?: string; readonly label?: string };

export const CopyButton = ({ text, word = 'Copy', label }: CopyButtonProps) => {
  const { copy, copied } = useClipboard();
  return (
    <Button
      kind="quiet"
      small
      icon={copied ? 'ready' : 'copy'}
      aria-label={label}
      onClick={() => {
        copy(text);
      }}
    >
      <span aria-live="polite">{copied ? 'Copied' : word}</span>
    </Button>
  );
};
