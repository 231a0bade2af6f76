// Credentials that are in the kubeconfig or in files it names; a file that was replaced is used without a restart.
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../clock.ts';
import { checkPair, toBearer, type Credential, type Credentials, type KeyPair } from './credential.ts';
import type { User } from './kubeconfig.ts';
import { ValueReader } from './value.ts';

export class FileCredentials implements Credentials {
  readonly #user: User;
  readonly #token: ValueReader | undefined;
  readonly #pair: { readonly certificate: ValueReader; readonly key: ValueReader } | undefined;
  #last: Credential | undefined;

  constructor(user: User, clock: Clock) {
    const { token, certificate: pair } = user;
    this.#user = user;
    this.#token = token && new ValueReader(token, clock, toBearer);
    this.#pair = pair && {
      certificate: new ValueReader(pair.certificate, clock),
      key: new ValueReader(pair.key, clock),
    };
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
    const { basic } = this.#user;
    const authorization = basic === undefined ? this.#token?.read(isForced) : `Basic ${basic}`;
    const credential = { authorization, pair: this.#readPair(isForced) };
    if (!isDeepStrictEqual(credential, this.#last)) this.#last = credential;
    return this.#last ?? credential;
  }

  /** Two files cannot be replaced at once: until both are new the last pair is kept. */
  #readPair(isForced: boolean): KeyPair | undefined {
    const { certificate: fields } = this.#user;
    if (!this.#pair || !fields) return undefined;
    const pair = { certificate: this.#pair.certificate.read(isForced), key: this.#pair.key.read(isForced) };
    const last = this.#last?.pair;
    if (isDeepStrictEqual(pair, last)) return last;
    try {
      checkPair(pair, { certificate: fields.certificate.field, key: fields.key.field });
      return pair;
    } catch (error) {
      if (last) return last;
      throw error;
    }
  }
}
