// A state: always icon and word, in the colour of its tone.
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon-name.ts';
import type { Tone } from '../ui/tone.ts';

type StateLabelProps = { readonly icon: IconName; readonly word: string; readonly tone: Tone };

export const StateLabel = ({ icon, word, tone }: StateLabelProps) => (
  <span className={`state ${tone}`}>
    <Icon name={icon} />
    {word}
  </span>
);
