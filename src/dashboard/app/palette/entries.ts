// What the palette offers: the pools that match, then actions, on the pool of the page if there is one.
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { PoolResponse } from '../../../contract/pool.ts';
import { livePools } from '../../api/live-pools.ts';
import { session, signOut } from '../../api/session.ts';
import { useStore } from '../../api/store.ts';
import { useCreatePath } from '../../pool/create-path.ts';
import { poolPathIn } from '../../pool/pool-paths.ts';
import { poolState, URGENCY } from '../../pool/pool-state.ts';
import { openHelp } from '../overlays.ts';
import { find, type Match } from './find.ts';

type Action = { readonly name: string; readonly keys?: string; readonly run: () => void };

export type Entries = {
  readonly pools: readonly { readonly item: PoolResponse; readonly match: Match }[];
  readonly actions: readonly { readonly item: Action; readonly match: Match }[];
};

const POOLS_MAX = 8;
const ACTIONS_MAX = 8;

/** The pools that need somebody first. */
const byUrgency = (one: PoolResponse, other: PoolResponse): number =>
  URGENCY.indexOf(poolState(one).key) - URGENCY.indexOf(poolState(other).key) || one.name.localeCompare(other.name);

export const useEntries = (query: string): Entries => {
  const [location, navigate] = useLocation();
  const create = useCreatePath();
  const pools = useStore(livePools, (value) => value.pools);
  const isSignedIn = useStore(session, (value) => value?.access === 'signed-in');
  return useMemo(() => {
    const pool = poolPathIn(location);
    const go = (name: string, path: string, keys?: string): Action => ({
      name,
      run: () => {
        navigate(path);
      },
      ...(keys !== undefined && { keys }),
    });
    const actions: Action[] = [
      go('Create pool', create, 'n'),
      go('All pools', '/', 'g p'),
      ...(pool === undefined
        ? []
        : [
            go('Members of this pool', `${pool}/members`, 'g m'),
            go('Claims of this pool', `${pool}/claims`, 'g c'),
            go('Decisions of this pool', `${pool}/decisions`, 'g d'),
            go('Edit YAML of this pool', `${pool}/yaml`, 'g y'),
          ]),
      { name: 'Keyboard shortcuts', keys: '?', run: openHelp },
      ...(isSignedIn ? [{ name: 'Sign out', run: () => void signOut() }] : []),
    ];
    const sorted = [...(pools?.values() ?? [])].sort(byUrgency);
    return {
      pools: find(sorted, ({ name }) => name, query, POOLS_MAX),
      actions: find(actions, ({ name }) => name, query, ACTIONS_MAX),
    };
  }, [location, navigate, create, pools, isSignedIn, query]);
};
