// All pools: how many need attention and why, then each of them in a table.
import { useDocumentTitle } from '@mantine/hooks';
import { useMemo } from 'react';
import type { PoolResponse } from '../../../contract/pool.ts';
import { livePools } from '../../api/live-pools.ts';
import { useStore } from '../../api/store.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useNow } from '../../ui/use-now.ts';
import { AttentionList } from './attention-list.tsx';
import { attentionOrder, attentionTitle } from './attention.ts';
import { useCalmPools } from './calm-pools.ts';
import { Head } from './head.tsx';
import { LoadingPools } from './loading-pools.tsx';
import { NoPools } from './no-pools.tsx';
import { PoolList } from './pool-list.tsx';
import { useSummaries } from './use-summaries.ts';

/** A pool that is still empty after its first minute needs attention, also if nothing else changes. */
const ATTENTION_STEP_MS = 10_000;

export const OverviewPage = () => {
  const pools = useCalmPools();
  const connection = useStore(livePools, (live) => live.connection);
  if (pools?.size === 0) return <NoPools />;
  if (pools !== undefined) return <Pools pools={pools} />;
  if (connection.state === 'lost')
    return (
      <main className="page">
        <Head title="Pools" />
        <ErrorNotice title="The pools could not be read. Warmpool tries again." error={connection.error} />
      </main>
    );
  return <LoadingPools />;
};

const Pools = ({ pools }: { readonly pools: ReadonlyMap<string, PoolResponse> }) => {
  const summaries = useSummaries();
  const nowMs = useNow(ATTENTION_STEP_MS);
  const names = useMemo(() => attentionOrder(pools.values(), nowMs), [pools, nowMs]);
  const title = attentionTitle(names.length, pools.size);
  useDocumentTitle(`${title} · Warmpool`);
  return (
    <main className="page">
      <Head title={title} />
      <Panel name="what needs attention">
        <AttentionList names={names} summaryOf={summaries.summaryOf} />
      </Panel>
      <Panel name="the pools">
        <PoolList pools={pools} summaries={summaries} />
      </Panel>
    </main>
  );
};
