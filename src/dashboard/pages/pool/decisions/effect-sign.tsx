import type { Decision } from '../../../../contract/decision.ts';
import { Icon } from '../../../ui/icon.tsx';
import { effectOf } from './decision-effect.ts';

export const EffectSign = ({ decision }: { readonly decision: Pick<Decision, 'create' | 'remove' | 'reasons'> }) => {
  const { create, remove } = decision;
  const effect = effectOf(decision);
  if (effect === 'held')
    return (
      <span className="fx held">
        <Icon name="poolmax" />
        held
      </span>
    );
  const signs = [create > 0 && `+${create}`, remove.length > 0 && `−${remove.length}`].filter(Boolean);
  return <span className={effect === 'grew' ? 'fx up' : 'fx'}>{signs.join(' ') || '–'}</span>;
};
