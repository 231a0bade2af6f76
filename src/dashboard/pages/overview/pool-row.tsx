// A pool in the table. It follows its own pool, so that a change of another one costs nothing here.
import { memo } from 'react';
import { Link } from 'wouter';
import type { PoolResponse } from '../../../contract/pool.ts';
import type { PoolSummary } from '../../../contract/summary.ts';
import { poolPath } from '../../pool/pool-paths.ts';
import { poolState } from '../../pool/pool-state.ts';
import { Sparkline } from '../../pool/sparkline.tsx';
import { StateLabel } from '../../pool/state-label.tsx';
import { useLivePool } from '../../pool/use-pool.ts';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { CapacityCell } from './capacity-cell.tsx';
import { LastDecision } from './last-decision.tsx';
import { formatHitRate, formatRate, hitTone, shortLabels } from './row-text.ts';
import type { SummaryOf } from './select-pools.ts';
import { StateSince } from './state-since.tsx';

type PoolRowProps = {
  readonly name: string;
  readonly index: number;
  readonly summaryOf: SummaryOf;
  readonly isLoading: boolean;
  readonly measure: ((row: HTMLTableRowElement | null) => void) | undefined;
};

export const PoolRow = memo(({ name, index, summaryOf, isLoading, measure }: PoolRowProps) => {
  const pool = useLivePool(name);
  if (!pool) return null;
  const summary = summaryOf(pool);
  const state = poolState(pool);
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      <NameCell pool={pool} />
      <td className="c-state">
        <StateLabel icon={state.icon} word={state.word} tone={state.tone} />
        <StateSince pool={pool} />
      </td>
      <td className="c-cap">
        <CapacityCell pool={pool} waiting={summary?.unmet ?? 0} />
      </td>
      {summary === undefined && isLoading ? <LoadingCells /> : <SummaryCells pool={pool} summary={summary} />}
    </tr>
  );
});
PoolRow.displayName = 'PoolRow';

const NameCell = ({ pool: { name, labels } }: { readonly pool: PoolResponse }) => {
  const { text, more } = shortLabels(labels);
  return (
    <th scope="row" className="c-name">
      <Link href={poolPath(name)} className="name" title={name}>
        {name}
      </Link>
      <span className="under labels">
        <span title={text}>{text}</span>
        {more > 0 && <span>+{more}</span>}
      </span>
    </th>
  );
};

type SummaryCellsProps = { readonly pool: PoolResponse; readonly summary: PoolSummary | undefined };

const SummaryCells = memo(({ pool, summary }: SummaryCellsProps) => (
  <>
    <td className="c-spark">
      <Sparkline values={summary?.available ?? []} now={pool.status?.available} capacity={pool.capacitySpec} />
    </td>
    <td className="num c-cpm">{summary ? <Rate value={summary.claimsPerMinute} /> : <None what="unknown" />}</td>
    <td className="num c-hit">
      {summary?.hitRate === undefined ? <None what="no claims" /> : <HitRate share={summary.hitRate} />}
    </td>
    <td className="c-why">
      {summary?.lastDecision ? <LastDecision {...summary.lastDecision} /> : <None what="no decision yet" />}
    </td>
  </>
));
SummaryCells.displayName = 'SummaryCells';

const Rate = ({ value }: { readonly value: number }) => (
  <span className={value === 0 ? 't3' : undefined}>{formatRate(value)}</span>
);

const HitRate = ({ share }: { readonly share: number }) => {
  const tone = hitTone(share);
  if (tone === undefined) return formatHitRate(share);
  return (
    <span className={`state ${tone}`}>
      <Icon name="down" className="tiny" />
      {formatHitRate(share)}
    </span>
  );
};

const None = ({ what }: { readonly what: string }) => (
  <span className="t3 none" title={what}>
    <span aria-hidden="true">–</span>
    <span className="sr">{what}</span>
  </span>
);

/** In the places of what comes. */
export const LoadingCells = () => (
  <>
    <td className="c-spark">
      <Skeleton width={96} height={8} />
    </td>
    <td className="num c-cpm">
      <Skeleton width={24} height={8} />
    </td>
    <td className="num c-hit">
      <Skeleton width={32} height={8} />
    </td>
    <td className="c-why">
      <Skeleton width={320} height={8} />
    </td>
  </>
);
