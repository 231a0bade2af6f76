// What a call identifies itself with.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { KubeConfigError } from './kube-config-error.ts';

export type Credential = {
  /** Value of the header Authorization. */
  readonly authorization?: string | undefined;
  /** Client certificate and its key, as PEM. */
  readonly pair?: KeyPair | undefined;
};
export type KeyPair = { readonly certificate: string; readonly key: string };

export interface Credentials {
  /** Throws KubeConfigError for what can be known without a call. */
  check(): void;
  /**
   * @param refused The credential that the API server responded to with 401. Resolves to the same object if there is no other.
   * Rejects with a KubeConfigError, or with a WarmpoolError when the signal ends the wait.
   */
  get(signal: AbortSignal, refused?: Credential): Promise<Credential>;
  close(): void;
}

/** Value of the header. Throws an Error with the reason why the token cannot be sent. */
export const toBearer = (token: string): string => {
  const trimmed = token.trim();
  if (!/^[\x21-\x7e]+$/.test(trimmed)) throw new Error('is empty, or contains characters that a header cannot carry');
  return `Bearer ${trimmed}`;
};

/** Throws KubeConfigError. @param fields Names of certificate and key, for the message. */
export const checkPair = (
  { certificate, key }: KeyPair,
  fields: { readonly certificate: string; readonly key: string },
) => {
  const leaf = parse(fields.certificate, 'is not a PEM certificate', () => new X509Certificate(certificate));
  const secret = parse(fields.key, 'is not a PEM private key without a passphrase', () => createPrivateKey(key));
  if (!leaf.checkPrivateKey(secret))
    throw new KubeConfigError(`${fields.key}: does not match ${fields.certificate}; they are not a pair.`);
};

const parse = <Result>(field: string, reason: string, read: () => Result): Result => {
  try {
    return read();
  } catch {
    throw new KubeConfigError(`${field}: ${reason}.`);
  }
};
