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

/** A refusal of the server, in its own words. */
class SignInError extends Error {}

const request = async (init: RequestInit): Promise<Response> => {
  const response = await fetch(SESSION_URL, {
    ...init,
    headers: { 'Content-Type': 'application/json', [SESSION_HEADER]: '1' },
  });
  if (response.ok) return response;
  const body = ErrorBody.safeParse(await response.json().catch(() => undefined));
  throw new SignInError(body.data?.message ?? `The server responded with ${response.status}. Try again.`);
};

/** Reads the session; by that, the server renews it. */
export const loadSession = async (): Promise<void> => {
  const response = await request({ method: 'GET' });
  session.set(SessionStatus.parse(await response.json()));
};

/** Exchanges the API key, or the token of a sign-in link, for a session cookie. Throws SignInError. */
export const signIn = async (credential: { apiKey: string } | { link: string }): Promise<void> => {
  await request({ method: 'POST', body: JSON.stringify(credential) });
  await loadSession();
};

export const signOut = async (): Promise<void> => {
  await request({ method: 'DELETE' });
  noticeSignedOut();
};

/** A response was 401: every page goes to the sign-in, and comes back. */
export const noticeSignedOut = (): void => {
  const known = session.get();
  if (known?.access === 'signed-in') session.set({ ...known, access: 'signed-out' });
};
