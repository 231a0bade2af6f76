import { createHash, type BinaryLike } from 'node:crypto';

/** The first 132 bits of a SHA-256 hash over all parts in turn, as 22 characters that need no escaping in an ETag. */
export const shortHash = (parts: readonly BinaryLike[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url').slice(0, 22);
};
