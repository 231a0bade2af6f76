// What a call identifies itself with.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { KubeConfigError } from './kube-config-error.ts';

/** Client certificate and its key, as PEM. */
export type KeyPair = { readonly certificate: string; readonly key: string };
export type Credential = {
  /** Value of the header Authorization. */
  readonly authorization: string | undefined;
  readonly pair: KeyPair | undefined;
};

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

/** Throws KubeConfigError. @param fields Names of certificate and key, for the message. */
export const checkPair = ({ certificate, key }: KeyPair, fields: KeyPair): void => {
  const leaf = parse(() => new X509Certificate(certificate), `${fields.certificate}: is not a PEM certificate.`);
  const secret = parse(() => createPrivateKey(key), `${fields.key}: is not a PEM private key without a passphrase.`);
  if (!leaf.checkPrivateKey(secret))
    throw new KubeConfigError(`${fields.key}: does not match ${fields.certificate}; they are not a pair.`);
};

const parse = <Result>(read: () => Result, message: string): Result => {
  try {
    return read();
  } catch {
    throw new KubeConfigError(message);
  }
};
