// What a call identifies itself with, and where that is in the kubeconfig or in files it names.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { KubeConfigError } from './kube-config-error.ts';
import type { Value } from './kubeconfig-fields.ts';
import type { User } from './kubeconfig-user.ts';
import { lastValid } from './last-valid.ts';

/** Client certificate and its key, as PEM. */
export type KeyPair = { readonly certificate: string; readonly key: string };
export type Credential = {
  /** Value of the header Authorization. */
  readonly authorization: string | undefined;
  readonly pair: KeyPair | undefined;
};

/**
 * Returns the current credential.
 * @param refused The credential that the API server responded to with 401. Resolves to the same object if there is no other.
 * Rejects with a KubeConfigError, or with a WarmpoolError when the signal ends the wait.
 */
export type CredentialSource = (signal: AbortSignal, refused?: Credential) => Promise<Credential>;

/** Files are read before each call: a replaced one needs no restart. Throws KubeConfigError. */
export const fileCredentials = ({ token, pair, basic }: User): CredentialSource => {
  const read = lastValid<Credential>(
    () => ({
      authorization: token ? `Bearer ${readToken(token)}` : basic,
      pair: pair && { certificate: pair.certificate.read(), key: pair.key.read() },
    }),
    (credential) => {
      if (pair && credential.pair) checkPair(credential.pair, pair);
    },
  );
  return async () => read();
};

const readToken = ({ field, read }: Value): string => {
  const token = read().trim();
  if (isToken(token)) return token;
  throw new KubeConfigError(`${field}: is empty, or contains characters that a header cannot carry.`);
};

/** Whether a header can carry the token. */
export const isToken = (token: string): boolean => /^[\x21-\x7e]+$/.test(token);

/** Throws KubeConfigError. @param names Where certificate and key are from, for the message. */
export const checkPair = (pair: KeyPair, names: Record<keyof KeyPair, Pick<Value, 'field'>>): void => {
  const [certificate, key] = [names.certificate.field, names.key.field];
  const leaf = parsePem(() => new X509Certificate(pair.certificate), `${certificate}: is not a PEM certificate.`);
  const secret = parsePem(() => createPrivateKey(pair.key), `${key}: is not a PEM private key without a passphrase.`);
  if (!leaf.checkPrivateKey(secret))
    throw new KubeConfigError(`${key}: does not match ${certificate}; they are not a pair.`);
};

/** Throws KubeConfigError with the message where `parse` throws. */
export const parsePem = <Result>(parse: () => Result, message: string): Result => {
  try {
    return parse();
  } catch {
    throw new KubeConfigError(message);
  }
};
