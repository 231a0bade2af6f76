// The content of a tab. Chart and editor are loaded when they are first shown.
import { lazy, Suspense } from 'react';
import type { PoolResponse } from '../../../contract/pool.ts';
import { ClaimsTab } from './claims/claims-tab.tsx';
import { DecisionsTab } from './decisions/decisions-tab.tsx';
import { MembersTab } from './members/members-tab.tsx';
import { OverviewTab } from './overview/overview-tab.tsx';
import type { Tab } from '../../pool/pool-paths.ts';

const YamlTab = lazy(async () => ({ default: (await import('./yaml/yaml-tab.tsx')).YamlTab }));

type TabContentProps = { readonly pool: PoolResponse; readonly tab: Tab | undefined };

export const TabContent = ({ pool, tab }: TabContentProps) => {
  switch (tab) {
    case 'members':
      return <MembersTab pool={pool} />;
    case 'claims':
      return <ClaimsTab pool={pool} />;
    case 'decisions':
      return <DecisionsTab pool={pool} />;
    case 'yaml':
      return (
        <Suspense fallback={null}>
          <YamlTab pool={pool} />
        </Suspense>
      );
    case undefined:
      return <OverviewTab pool={pool} />;
  }
};
