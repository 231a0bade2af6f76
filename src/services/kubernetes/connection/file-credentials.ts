// Credentials in the kubeconfig or in files that it names; a replaced file is used without a restart.
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../lib/clock.ts';
import { checkPair, type Credential, type Credentials, type KeyPair } from './credential.ts';
import type { User } from './kubeconfig.ts';
import { isToken, ValueReader } from './value.ts';

export class FileCredentials implements Credentials {
  readonly #user: User;
  readonly #token: ValueReader | undefined;
  readonly #certificate: ValueReader | undefined;
  readonly #key: ValueReader | undefined;
  #last: Credential = { authorization: undefined, pair: undefined };

  constructor(user: User, clock: Clock) {
    this.#user = user;
    this.#token = user.token && new ValueReader(user.token, clock, toToken);
    this.#certificate = user.certificate && new ValueReader(user.certificate, clock);
    this.#key = user.key && new ValueReader(user.key, clock);
  }

  check(): void {
    this.#read(false);
  }

  async get(_signal: AbortSignal, refused?: Credential): Promise<Credential> {
    return this.#read(refused !== undefined && refused === this.#last);
  }

  close(): void {
    // Nothing is open.
  }

  #read(isForced: boolean): Credential {
    const token = this.#token?.read(isForced);
    const authorization = token === undefined ? this.#user.basic : `Bearer ${token}`;
    const credential = { authorization, pair: this.#readPair(isForced) };
    if (!isDeepStrictEqual(credential, this.#last)) this.#last = credential;
    return this.#last;
  }

  /** Two files cannot be replaced at once: the last pair is kept until both are new. */
  #readPair(isForced: boolean): KeyPair | undefined {
    const { certificate: { field: certificate } = {}, key: { field: key } = {} } = this.#user;
    if (!this.#certificate || !this.#key || certificate === undefined || key === undefined) return undefined;
    const pair = { certificate: this.#certificate.read(isForced), key: this.#key.read(isForced) };
    const last = this.#last.pair;
    if (isDeepStrictEqual(pair, last)) return last;
    try {
      checkPair(pair, { certificate, key });
      return pair;
    } catch (error) {
      if (last) return last;
      throw error;
    }
  }
}

const toToken = (text: string): string => {
  const token = text.trim();
  if (isToken(token)) return token;
  throw new Error('is empty, or contains characters that a header cannot carry');
};
