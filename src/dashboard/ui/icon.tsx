// An icon of the sprite. It never stands alone: a word or the label of its button says the same.
import type { IconName } from './icon-name.ts';

type IconProps = { readonly name: IconName; readonly className?: string };

export const Icon = ({ name, className }: IconProps) => (
  <svg className={className === undefined ? 'icon' : `icon ${className}`} aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
);
