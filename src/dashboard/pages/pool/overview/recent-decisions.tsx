// The last decisions of a pool, runs of small ones as one line.
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { Sentence } from '../../../pool/sentence.tsx';
import { formatDuration } from '../../../ui/format.ts';
import { QueryProblem } from '../../../ui/query-problem.tsx';
import { ShortTime } from '../../../ui/time.tsx';
import { EffectSign } from '../decisions/effect-sign.tsx';
import { poolPath } from '../../../pool/pool-paths.ts';
import { useDecisions } from '../use-decisions.ts';
import { decisionRuns, type DecisionRun } from './decision-runs.ts';

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
    <Runs pool={pool} />
  </>
);

const Runs = ({ pool }: { readonly pool: PoolResponse }) => {
  const query = useDecisions(pool);
  const runs = useMemo(() => decisionRuns(query.data?.items ?? []).slice(0, SHOWN), [query.data]);
  if (query.data === undefined) return <QueryProblem what="The decisions" query={query} />;
  if (runs.length === 0) return <p className="t3">No decision yet. The first follows when the pool has to change.</p>;
  return (
    <ol className="decs">
      {runs.map((run) => (
        <RunRow key={run.last.id} run={run} />
      ))}
    </ol>
  );
};

const RunRow = ({ run }: { readonly run: DecisionRun }) => (
  <li>
    <ShortTime at={run.last.at} />
    <EffectSign decision={run.effect} />
    <p>
      {run.count > 1 && `${run.count} decisions in ${formatDuration(run.spanMs)}. The last: `}
      <Sentence text={run.last.sentence} />
    </p>
  </li>
);
