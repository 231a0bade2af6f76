// Reads the session at the start, uses up a sign-in link, and renews the session while the page is open.
import { useEffect, useState } from 'react';
import { loadSession, signIn } from './session.ts';
import { Store, useStore } from './store.ts';

/** Why a sign-in link did not work; shown by the sign-in page. */
const linkError = new Store<string | undefined>(undefined);
export const useLinkError = (): string | undefined => useStore(linkError, (message) => message);

const LINK = /^#link=(.+)$/;
const RENEW_MS = 10 * 60_000;

/** The token of the link leaves the address bar before anything else happens with it. */
const takeLink = (): string | undefined => {
  const token = LINK.exec(window.location.hash)?.[1];
  if (token !== undefined) window.history.replaceState(null, '', window.location.pathname);
  return token;
};

const begin = async (): Promise<void> => {
  const link = takeLink();
  if (link !== undefined)
    try {
      await signIn({ link });
      return;
    } catch (error) {
      linkError.set(error instanceof Error ? error.message : String(error));
    }
  await loadSession();
};

let started: Promise<void> | undefined;

/** Why the session could not be read, and how to try again. */
export const useSession = (): { readonly error: unknown; readonly retry: () => void } => {
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    started ??= begin();
    started.catch(setError);
    const timer = setInterval(() => {
      // A server that is unreachable shows in the connection state.
      loadSession().catch(() => undefined);
    }, RENEW_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return {
    error,
    retry: () => {
      loadSession().catch(setError);
    },
  };
};
