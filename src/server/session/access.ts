// Everything that opens a server with an API key: the key, sessions, and sign-in links.
import type { Clock } from '../../lib/clock.ts';
import { compareWith, hashOfKey } from '../http/api-key-check.ts';
import type { Credentials } from '../http/authenticate.ts';
import { Sessions } from './sessions.ts';
import { SignInLinks } from './sign-in-links.ts';

export type Access = Credentials & { readonly sessions: Sessions; readonly links: SignInLinks };

export const createAccess = (apiKey: string, clock: Clock): Access => ({
  keyHash: hashOfKey(apiKey),
  isRightKey: compareWith(apiKey),
  sessions: new Sessions(apiKey, clock),
  links: new SignInLinks(clock),
});
