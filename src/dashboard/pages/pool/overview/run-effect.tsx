// What decisions did: members created and removed, or that the pool was held back.
import { formatCount } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import type { DecisionRun } from './decision-runs.ts';

export const RunEffect = ({ run: { last, created, removed } }: { readonly run: DecisionRun }) => {
  const codes = last.reasons.map(({ code }) => code);
  if (created === 0 && removed === 0) {
    if (codes.includes('PoolMax'))
      return (
        <span className="fx held">
          <Icon name="poolmax" />
          held
        </span>
      );
    if (codes.includes('BackingOff')) return <span className="fx held">backs off</span>;
    return <span className="fx none">{codes.includes('AtRest') ? 'at rest' : 'waits'}</span>;
  }
  return (
    <span className="fx">
      {created > 0 && <span className="fx up">+{formatCount(created)}</span>}
      {removed > 0 && <span className="fx down">{formatCount(-removed)}</span>}
    </span>
  );
};
