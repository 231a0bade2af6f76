// The frame of every page: the bar at the top, the banner of an open server, and whether values are stale.
import type { ReactNode } from 'react';
import { session, signOut, signOutFailure } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { OverlayHost } from './overlay-host.tsx';
import { TopBar } from './top-bar.tsx';
import { useIsStale } from '../api/use-connection.ts';
import { useScrollToTop } from './use-scroll-to-top.ts';

export const Shell = ({ children }: { readonly children: ReactNode }) => {
  useScrollToTop();
  const isStale = useIsStale();
  const isOpen = useStore(session, (value) => value?.access === 'open');
  return (
    <>
      <SkipLink />
      <TopBar />
      <OverlayHost />
      {isOpen && (
        <p className="open-banner" role="note">
          This server has no API key: everybody who can reach it can read and change its pools.
        </p>
      )}
      <SignOutFailure />
      <div id="content" tabIndex={-1} data-stale={isStale ? '' : undefined}>
        {children}
      </div>
    </>
  );
};

const SignOutFailure = () => {
  const error = useStore(signOutFailure, (value) => value);
  if (error === undefined) return null;
  return (
    <div className="sign-out-failure">
      <ErrorNotice title="You are still signed in." error={error} retry={() => void signOut()} />
    </div>
  );
};

/** The page has a base URL, so that "#content" alone would lead to another page. */
const SkipLink = () => (
  <a
    className="skip"
    href={`${window.location.pathname}#content`}
    onClick={(event) => {
      event.preventDefault();
      document.getElementById('content')?.focus();
    }}
  >
    Skip to content
  </a>
);
