// The members of a pool: phase, age, revision, claim, address; evict.
import { useState } from 'react';
import type { Member } from '../../../../contract/member.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { useMembers } from '../../../pool/use-members.ts';
import { Choice, type Option } from '../../../ui/choice.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { QueryProblem } from '../../../ui/query-problem.tsx';
import { SearchInput } from '../../../ui/search-input.tsx';
import { EvictDialog } from './evict-dialog.tsx';
import { byPhase, PHASES, shownPhase, type ShownPhase } from './member-phase.ts';
import { MemberRow } from './member-row.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Member' },
  { name: 'Phase' },
  { name: 'Age', isNumber: true },
  { name: 'Revision' },
  { name: 'Claim' },
  { name: 'Address' },
  { name: 'Node' },
  { name: 'Restarts', isNumber: true },
  { name: 'Actions', isHidden: true },
];

type Filter = 'all' | ShownPhase;

const optionsFor = (members: readonly Member[]): readonly Option<Filter>[] => {
  const counts = Map.groupBy(members, shownPhase);
  return [
    { value: 'all', word: 'All', count: members.length },
    ...(Object.keys(PHASES) as ShownPhase[]).map((value) => ({
      value,
      ...PHASES[value],
      count: counts.get(value)?.length ?? 0,
    })),
  ];
};

const matches = ({ name, claimId = '', node = '', address = '' }: Member, text: string): boolean =>
  [name, claimId, node, address].some((value) => value.toLowerCase().includes(text));

export const MembersTab = ({ pool }: { readonly pool: PoolResponse }) => {
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [evicting, evict] = useState<Member>();
  const query = useMembers(pool);
  const members = query.data?.items;
  if (members === undefined) return <QueryProblem what="The members" query={query} />;
  const shown = members
    .filter((member) => filter === 'all' || shownPhase(member) === filter)
    .filter((member) => matches(member, text.trim().toLowerCase()))
    .sort(byPhase);
  const stale = members.filter((member) => member.stale).length;
  return (
    <>
      <div className="tools">
        <SearchInput label="Filter by name, claim, node" value={text} onChange={setText} />
        <Choice label="Phase" options={optionsFor(members)} value={filter} onChange={setFilter} />
        <span className="grow" />
        {stale > 0 && (
          <span className="t3">
            {stale} of {members.length} {stale === 1 ? 'has' : 'have'} an older revision than{' '}
            <span className="mono">{pool.status?.revision}</span>
          </span>
        )}
      </div>
      <DataTable
        kind="members"
        label={`Members of ${pool.name}`}
        columns={COLUMNS}
        items={shown}
        narrowHeight={89}
        keyOf={({ name }) => name}
        row={(member) => <MemberRow member={member} columns={COLUMNS.length} onEvict={evict} />}
      />
      {shown.length === 0 && (
        <p className="t3 nothing">{members.length === 0 ? 'This pool has no members.' : 'Nothing matches.'}</p>
      )}
      {evicting && (
        <EvictDialog
          member={evicting}
          onClose={() => {
            evict(undefined);
          }}
        />
      )}
    </>
  );
};
