// One pool: its header, and the tab of the URL.
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { PoolResponse } from '../../../contract/pool.ts';
import { useLivePool } from '../../pool/use-pool.ts';
import { Panel } from '../../ui/panel.tsx';
import { PoolHead } from './head/pool-head.tsx';
import { LoadingPool } from './loading-pool.tsx';
import { MissingPool } from './missing-pool.tsx';
import { isTab } from '../../pool/pool-paths.ts';
import { TabContent } from './tab-content.tsx';
import { TabsRow } from './tabs-row.tsx';

type PoolPageProps = { readonly name: string; readonly tab: string | undefined };

export const PoolPage = ({ name, tab }: PoolPageProps) => {
  const pool = useLivePool(name);
  const isDeleted = useWasShown(pool);
  return (
    <>
      <title>{`${name} · Warmpool`}</title>
      {pool === undefined && <LoadingPool name={name} />}
      {pool === null && <MissingPool name={name} isDeleted={isDeleted} />}
      {/* A pool that is recreated under the same name is another one. */}
      {pool && <ShownPool key={pool.uid} pool={pool} tab={tab} />}
    </>
  );
};

/** Whether the pool existed while the page was open. */
const useWasShown = (pool: PoolResponse | null | undefined): boolean => {
  const [wasShown, setShown] = useState(false);
  if (pool && !wasShown) setShown(true);
  return wasShown;
};

const ShownPool = ({ pool, tab }: { readonly pool: PoolResponse; readonly tab: string | undefined }) => {
  const [, navigate] = useLocation();
  const known = tab !== undefined && isTab(tab) ? tab : undefined;
  return (
    <main className="page pool">
      <Panel name="the state of the pool">
        <PoolHead
          pool={pool}
          onDeleted={() => {
            navigate('/');
          }}
        />
      </Panel>
      <TabsRow pool={pool} tab={known} />
      <Panel key={known} name={known === undefined ? 'the overview' : `the tab ${known}`}>
        <TabContent pool={pool} tab={known} />
      </Panel>
    </main>
  );
};
