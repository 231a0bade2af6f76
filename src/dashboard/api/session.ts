// The session at the server: who may read, and what kind of server it is.
import { ErrorBody } from '../../contract/errors.ts';
import { SESSION_HEADER } from '../../contract/limits.ts';
import { SessionStatus } from '../../contract/session.ts';
import { Store } from './store.ts';
import { UI_ROOT } from './urls.ts';

export type Session = SessionStatus;

/** Undefined until the server has responded for the first time. */
export const session = new Store<Session | undefined>(undefined);

const SESSION_URL = new URL('session', UI_ROOT);

/** Why the last attempt to sign out failed; undefined if it did not. */
export const signOutFailure = new Store<unknown>(undefined);

/** A refusal of the server, in its own words; or that there was no response. */
class SessionError extends Error {}

const request = async (init: RequestInit): Promise<Response> => {
  const response = await fetch(SESSION_URL, {
    ...init,
    headers: { 'Content-Type': 'application/json', [SESSION_HEADER]: '1' },
  }).catch((cause: unknown) => {
    throw new SessionError('The server cannot be reached.', { cause });
  });
  if (response.ok) return response;
  const body = ErrorBody.safeParse(await response.json().catch(() => undefined));
  throw new SessionError(body.data?.message ?? `The server responded with ${response.status}. Try again.`);
};

/** Reads the session; by that, the server renews it. */
export const loadSession = async (): Promise<void> => {
  const response = await request({ method: 'GET' });
  session.set(SessionStatus.parse(await response.json()));
};

/** Exchanges the API key, or the token of a sign-in link, for a session cookie. Throws SessionError. */
export const signIn = async (credential: { apiKey: string } | { link: string }): Promise<void> => {
  await request({ method: 'POST', body: JSON.stringify(credential) });
  await loadSession();
};

/** Never rejects: a failure is in `signOutFailure`. */
export const signOut = async (): Promise<void> => {
  try {
    await request({ method: 'DELETE' });
    noticeSignedOut();
  } catch (error) {
    signOutFailure.set(error);
  }
};

/** A response was 401: every page goes to the sign-in, and comes back. A server that was open has got a key since. */
export const noticeSignedOut = (): void => {
  signOutFailure.set(undefined);
  const known = session.get();
  if (known !== undefined) session.set({ ...known, access: 'signed-out' });
};
