// Why the pool has its size: every decision with its sentence, its inputs and its effect.
import { useState } from 'react';
import type { Decision } from '../../../../contract/decision.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { Sentence } from '../../../pool/sentence.tsx';
import { Choice, type Option } from '../../../ui/choice.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { formatCount } from '../../../ui/format.ts';
import { QueryProblem } from '../../../ui/query-problem.tsx';
import { SearchInput } from '../../../ui/search-input.tsx';
import { ShortTime } from '../../../ui/time.tsx';
import { useDecisions } from '../use-decisions.ts';
import { effectOf, type Effect } from './decision-effect.ts';
import { EffectSign } from './effect-sign.tsx';

type Filter = 'all' | Exclude<Effect, 'none' | 'replaced'>;

const FILTERS: readonly Option<Filter>[] = [
  { value: 'all', word: 'All' },
  { value: 'grew', word: 'Grew' },
  { value: 'shrank', word: 'Shrank' },
  { value: 'held', word: 'Held back' },
];

const COLUMNS: readonly Column[] = [
  { name: 'Time' },
  { name: 'Effect' },
  { name: 'Decision' },
  ...['Desired', 'Allocated', 'Available', 'Starting', 'Waiting'].map((name) => ({ name, isNumber: true })),
];

export const DecisionsTab = ({ pool }: { readonly pool: PoolResponse }) => {
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const query = useDecisions(pool);
  const items = query.data?.items;
  if (items === undefined) return <QueryProblem what="The decisions" query={query} />;
  const shown = items.filter(
    (decision) =>
      (filter === 'all' || effectOf(decision) === filter) &&
      decision.sentence.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return (
    <>
      <div className="tools">
        <SearchInput label="Filter sentences" value={text} onChange={setText} />
        <Choice label="Effect" options={FILTERS} value={filter} onChange={setFilter} />
        <span className="grow" />
        <span className="t3">
          {shown.length < items.length ? `${formatCount(shown.length)} of the newest` : 'The newest'}{' '}
          {formatCount(items.length)}
        </span>
      </div>
      <DataTable
        kind="decisions"
        label={`Decisions of ${pool.name}`}
        columns={COLUMNS}
        items={shown}
        narrowHeight={77}
        keyOf={({ id }) => id}
        row={(decision) => <DecisionRow decision={decision} />}
      />
      {shown.length === 0 && (
        <p className="t3 nothing">{items.length === 0 ? 'No decision yet.' : 'Nothing matches.'}</p>
      )}
    </>
  );
};

const DecisionRow = ({ decision }: { readonly decision: Decision }) => {
  const { at, sentence, desired, observed } = decision;
  return (
    <tr>
      <td className="t3">
        <ShortTime at={at} />
      </td>
      <td>
        <EffectSign decision={decision} />
      </td>
      <td className="why">
        <Sentence text={sentence} />
      </td>
      {[desired, observed.allocated, observed.available, observed.starting, observed.unmet].map((count, index) => (
        <td key={COLUMNS[index + 3]?.name} className="num">
          {formatCount(count)}
        </td>
      ))}
    </tr>
  );
};
