// The credential of a call, and where it is in the kubeconfig or in the files that it names.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { KubeConfigError, type Value } from './kubeconfig-fields.ts';
import type { User } from './kubeconfig-user.ts';

export type Credential = {
  /** Value of the header Authorization. */
  readonly authorization: string | undefined;
  /** Client certificate and its key, as PEM. */
  readonly pair: Pair<string> | undefined;
};
type Pair<Part> = { readonly certificate: Part; readonly key: Part };

/**
 * Returns the current credential.
 * @param refused The credential that the API server responded to with 401. Resolves to the same object if there is no other.
 * Rejects with a KubeConfigError, or with a WarmpoolError when the signal ends the wait.
 */
export type CredentialSource = (signal: AbortSignal, refused?: Credential) => Promise<Credential>;

type Identity = Pick<User, 'token' | 'pair' | 'basic'>;

/** Files are read before each call: a replaced one needs no restart. Throws KubeConfigError. */
export const fileCredentials = (identity: Identity): CredentialSource => {
  const read = lastValid(() => readCredential(identity));
  return async () => read();
};

/**
 * Returns a function that reads again at every call. It returns the same object until the value changes, and the last valid one
 * while reading fails: a file may be missing, or half of a pair replaced. Throws if the first value is not valid.
 */
export const lastValid = <Result>(read: () => Result): (() => Result) => {
  let last = read();
  return () => {
    try {
      const next = read();
      if (!isDeepStrictEqual(next, last)) last = next;
    } catch {
      // The last valid value stays.
    }
    return last;
  };
};

/** Throws KubeConfigError. */
export const readCredential = ({ token, pair, basic }: Identity): Credential => ({
  authorization: token ? `Bearer ${readToken(token)}` : basic,
  pair: pair && readPair(pair),
});

const readToken = ({ field, read }: Value): string => {
  const token = read().trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new KubeConfigError(`${field}: is empty, or contains characters that a header cannot carry.`);
};

const readPair = ({ certificate, key }: Pair<Value>): Pair<string> => {
  const leaf = parsePem(certificate, (pem) => new X509Certificate(pem), 'is not a PEM certificate');
  const secret = parsePem(key, createPrivateKey, 'is not a PEM private key without a passphrase');
  if (leaf.parsed.checkPrivateKey(secret.parsed)) return { certificate: leaf.pem, key: secret.pem };
  throw new KubeConfigError(`${key.field}: does not match ${certificate.field}; they are not a pair.`);
};

/** Throws KubeConfigError with the reason where `parse` throws. */
export const parsePem = <Parsed>({ field, read }: Value, parse: (pem: string) => Parsed, reason: string) => {
  const pem = read();
  try {
    return { pem, parsed: parse(pem) };
  } catch {
    throw new KubeConfigError(`${field}: ${reason}.`);
  }
};
