// An icon of the sprite. It never stands alone: a word or the label of its button says the same.
export type IconName =
  | 'allocated'
  | 'close'
  | 'code'
  | 'copy'
  | 'degraded'
  | 'down'
  | 'edit'
  | 'exhausted'
  | 'eye'
  | 'failed'
  | 'growing'
  | 'help'
  | 'key'
  | 'label'
  | 'live'
  | 'lost'
  | 'low'
  | 'menu'
  | 'moon'
  | 'more'
  | 'plus'
  | 'poolmax'
  | 'ready'
  | 'retry'
  | 'right'
  | 'rolling'
  | 'search'
  | 'settled'
  | 'shrinking'
  | 'sortdown'
  | 'starting'
  | 'sun'
  | 'terminating'
  | 'unknown'
  | 'up'
  | 'waiting';

type IconProps = { readonly name: IconName; readonly className?: string };

export const Icon = ({ name, className }: IconProps) => (
  <svg className={className === undefined ? 'icon' : `icon ${className}`} aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
);
