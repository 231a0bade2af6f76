// The claims of a pool: who holds what, for how long; renew and release.
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Claim } from '../../../../contract/claim.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { Choice } from '../../../ui/choice.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { QueryProblem } from '../../../ui/query-problem.tsx';
import { SearchInput } from '../../../ui/search-input.tsx';
import { ReleaseDialog } from './release-dialog.tsx';
import { ClaimRow } from './claim-row.tsx';
import { RenewDialog } from './renew-dialog.tsx';
import { useClaims } from './use-claims.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Claim' },
  { name: 'State' },
  { name: 'Holder' },
  { name: 'Member' },
  { name: 'Launch' },
  { name: 'Age', isNumber: true },
  { name: 'Time left' },
  { name: 'Actions', isHidden: true },
];

type Filter = 'live' | 'all';

type Asked = { readonly action: 'renew' | 'release'; readonly claim: Claim };

const matches = ({ id, member, labels = {} }: Claim, text: string): boolean =>
  [id, member.name, ...Object.entries(labels).map((label) => label.join('='))].some((value) =>
    value.toLowerCase().includes(text),
  );

export const ClaimsTab = ({ pool }: { readonly pool: PoolResponse }) => {
  const [params] = useSearchParams();
  const [text, setText] = useState(params.get('q') ?? '');
  const [filter, setFilter] = useState<Filter>('live');
  const [asked, ask] = useState<Asked>();
  const query = useClaims(pool, filter);
  const claims = query.data;
  if (claims === undefined) return <QueryProblem what="The claims" query={query} />;
  const shown = claims.items.filter((claim) => matches(claim, text.trim().toLowerCase()));
  const close = () => {
    ask(undefined);
  };
  return (
    <>
      <div className="tools">
        <SearchInput label="Filter by id, member, label" value={text} onChange={setText} />
        <Choice
          label="State"
          options={[
            { value: 'live', word: 'Live', count: pool.status?.allocated },
            { value: 'all', word: 'With ended, last hour' },
          ]}
          value={filter}
          onChange={setFilter}
        />
        <span className="grow" />
        {claims.more > 0 && <span className="t3">and {claims.more} more</span>}
      </div>
      <DataTable
        kind="claims"
        label={`Claims of ${pool.name}`}
        columns={COLUMNS}
        items={shown}
        narrowHeight={113}
        keyOf={({ id }) => id}
        row={(claim) => (
          <ClaimRow
            claim={claim}
            onRenew={() => {
              ask({ action: 'renew', claim });
            }}
            onRelease={() => {
              ask({ action: 'release', claim });
            }}
          />
        )}
      />
      {shown.length === 0 && (
        <p className="t3 nothing">
          {claims.items.length === 0 ? 'Nobody holds a member of this pool.' : 'Nothing matches.'}
        </p>
      )}
      {asked?.action === 'renew' && <RenewDialog claim={asked.claim} onClose={close} />}
      {asked?.action === 'release' && <ReleaseDialog claim={asked.claim} onClose={close} />}
    </>
  );
};
