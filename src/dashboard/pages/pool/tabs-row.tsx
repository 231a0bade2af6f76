// The tabs of a pool, and the time range of its chart.
import { Link } from 'wouter';
import type { PoolResponse } from '../../../contract/pool.ts';
import { Choice } from '../../ui/choice.tsx';
import { formatCount } from '../../ui/format.ts';
import { poolPath, type Tab } from '../../pool/pool-paths.ts';
import { RANGES, useTimeRange } from './time-range.ts';

type TabsRowProps = { readonly pool: PoolResponse; readonly tab: Tab | undefined };

export const TabsRow = ({ pool, tab }: TabsRowProps) => {
  const { total, allocated } = pool.status ?? {};
  const link = (to: Tab | undefined, word: string, count?: number) => (
    <Link href={poolPath(pool.name, to)} aria-current={tab === to ? 'page' : undefined}>
      {word}
      {count !== undefined && <span>{formatCount(count)}</span>}
    </Link>
  );
  return (
    <div className="tabs-row">
      <nav className="tabs" aria-label="Pool">
        {link(undefined, 'Overview')}
        {link('members', 'Members', total)}
        {link('claims', 'Claims', allocated)}
        {link('decisions', 'Decisions')}
        {link('yaml', 'YAML')}
      </nav>
      <span className="grow" />
      {tab === undefined && <RangeChoice />}
    </div>
  );
};

const RangeChoice = () => {
  const [chosen, choose] = useTimeRange();
  return (
    <div className="range">
      <Choice
        label="Time range"
        small
        options={RANGES.map(({ minutes, word }) => ({ value: String(minutes), word }))}
        value={String(chosen)}
        onChange={(minutes) => {
          choose(Number(minutes));
        }}
      />
    </div>
  );
};
