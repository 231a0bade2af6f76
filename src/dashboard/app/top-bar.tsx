// The bar at the top: where one is, the palette, whether values are live, theme, help and session.
import { useMantineColorScheme, useComputedColorScheme } from '@mantine/core';
import { Link, useRoute } from 'wouter';
import { session, signOut } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { ConnectionState } from './connection-state.tsx';
import { Logo } from '../ui/logo.tsx';
import { openHelp, openPalette } from './overlays.ts';
import { useConnection } from '../api/use-connection.ts';

export const TopBar = () => {
  const isLost = useConnection().state === 'lost';
  const [isPool, params] = useRoute('/pools/:name/*?');
  return (
    <header className={['top', isLost && 'is-lost', isPool && 'has-crumbs'].filter(Boolean).join(' ')}>
      <Link href="/" className="brand" aria-label="Warmpool, all pools">
        <Logo />
        <span className="brand-name">Warmpool</span>
      </Link>
      {isPool ? <Crumbs name={params.name} /> : <Place />}
      <span className="grow" />
      <button type="button" className="jump" onClick={openPalette}>
        <Icon name="search" />
        <span>Find or run…</span>
        <kbd>Ctrl K</kbd>
      </button>
      <ConnectionState />
      <ThemeSwitch />
      <IconButton icon="help" label="Keyboard shortcuts" className="wide-only" onClick={openHelp} />
      <SessionButton />
    </header>
  );
};

const Crumbs = ({ name }: { readonly name: string }) => (
  <nav className="crumbs" aria-label="Breadcrumb">
    <span className="slash first">/</span>
    <Link href="/">Pools</Link>
    <span className="slash">/</span>
    <b>{name}</b>
  </nav>
);

const RUNTIMES = { simulated: 'simulated members', docker: 'Docker containers' };

/** Which server this is: invented members are never shown as real ones. */
const Place = () => {
  const known = useStore(session, (value) => value);
  if (known === undefined) return null;
  const where =
    known.runtime === 'kubernetes'
      ? [known.context, known.namespace && `namespace ${known.namespace}`]
      : [known.driver && RUNTIMES[known.driver]];
  return <span className="place">{where.filter(Boolean).join(' · ')}</span>;
};

const ThemeSwitch = () => {
  const { setColorScheme } = useMantineColorScheme();
  const current = useComputedColorScheme('light');
  const other = current === 'dark' ? 'light' : 'dark';
  return (
    <IconButton
      icon={current === 'dark' ? 'sun' : 'moon'}
      label={`Switch to the ${other} theme`}
      onClick={() => {
        setColorScheme(other);
      }}
    />
  );
};

const SessionButton = () => {
  const isSignedIn = useStore(session, (value) => value?.access === 'signed-in');
  return isSignedIn ? <IconButton icon="key" label="Sign out" onClick={() => void signOut()} /> : null;
};
