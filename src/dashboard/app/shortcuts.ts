// The keys that work on every page. A sequence such as "g p" is two keys within a second.
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { useCreatePath } from '../pool/create-path.ts';
import { poolPathIn } from '../pool/pool-paths.ts';
import { openHelp, openPalette, overlay } from './overlays.ts';

export type Shortcut = { readonly keys: string; readonly what: string };

/** As the help shows them. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'Ctrl K', what: 'Find a pool, or run an action' },
  { keys: '/', what: 'Filter the pools by name' },
  { keys: 'g p', what: 'Go to all pools' },
  { keys: 'n', what: 'Create a pool' },
  { keys: 'g o', what: 'Overview of the pool' },
  { keys: 'g m', what: 'Members of the pool' },
  { keys: 'g c', what: 'Claims of the pool' },
  { keys: 'g d', what: 'Decisions of the pool' },
  { keys: 'g y', what: 'YAML of the pool' },
  { keys: '?', what: 'This help' },
];

const TABS: Readonly<Record<string, string>> = { o: '', m: '/members', c: '/claims', d: '/decisions', y: '/yaml' };

const SEQUENCE_MS = 1_000;

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export const useShortcuts = (): void => {
  const [location, navigate] = useLocation();
  const create = useCreatePath();
  useEffect(() => {
    // Times of events count from the loading of the page: 0 would make the first key of a fresh page a second one.
    let lastG = -Infinity;
    const go = (path: string, event: KeyboardEvent) => {
      event.preventDefault();
      navigate(path);
    };
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || isOverlaid()) return;
      const isSecond = event.timeStamp - lastG < SEQUENCE_MS;
      lastG = event.key === 'g' ? event.timeStamp : -Infinity;
      if (isSecond) {
        const pool = poolPathIn(location);
        const tab = TABS[event.key];
        if (event.key === 'p') go('/', event);
        else if (pool !== undefined && tab !== undefined) go(`${pool}${tab}`, event);
        return;
      }
      if (event.key === '?') openHelp();
      else if (event.key === 'n') go(create, event);
      else if (event.key === '/') focusFilter(event);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [location, navigate, create]);
};

const isOverlaid = (): boolean => overlay.get() !== undefined || document.querySelector('[role=dialog]') !== null;

const focusFilter = (event: KeyboardEvent): void => {
  const filter = document.querySelector<HTMLInputElement>('input[type=search]');
  if (filter === null) return;
  event.preventDefault();
  filter.focus();
};
