// The last decisions of a pool, runs of small ones as one line.
import { Link } from 'wouter';
import { WarmpoolClientError } from '../../../../client/index.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { Sentence } from '../../../pool/sentence.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { formatDuration } from '../../../ui/format.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ClockTime } from '../../../ui/time.tsx';
import { poolPath } from '../pool-paths.ts';
import { useRecentDecisions } from '../use-decisions.ts';
import { decisionRuns, type DecisionRun } from './decision-runs.ts';
import { RunEffect } from './run-effect.tsx';

const SHOWN = 8;

export const RecentDecisions = ({ pool }: { readonly pool: PoolResponse }) => (
  <>
    <h2>
      Recent decisions
      <span className="grow" />
      <Link href={poolPath(pool.name, 'decisions')} className="link thin">
        All decisions
      </Link>
    </h2>
    <Runs name={pool.name} />
  </>
);

const Runs = ({ name }: { readonly name: string }) => {
  const { data, error, refetch } = useRecentDecisions(name);
  if (data) {
    const runs = decisionRuns(data.items).slice(0, SHOWN);
    if (runs.length === 0) return <p className="t3">No decision yet. The first follows when the pool has to change.</p>;
    return (
      <ol className="decs">
        {runs.map((run) => (
          <RunRow key={run.last.id} run={run} />
        ))}
      </ol>
    );
  }
  if (error instanceof WarmpoolClientError && error.code === 'RUNTIME::NOT_SUPPORTED')
    return <p className="t3">Another controller decides about this pool. Its decisions are not recorded here.</p>;
  if (error) return <ErrorNotice title="The decisions could not be read." error={error} retry={() => void refetch()} />;
  return <Skeleton width="72%" />;
};

const RunRow = ({ run }: { readonly run: DecisionRun }) => (
  <li>
    <ClockTime at={run.last.at} />
    <RunEffect run={run} />
    <p>
      {run.count > 1 && `${run.count} decisions in ${formatDuration(run.spanMs)}. The last: `}
      <Sentence text={run.last.sentence} />
    </p>
  </li>
);
