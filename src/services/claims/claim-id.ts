// Identifiers of claims.
import { randomInt } from 'node:crypto';

/** No vowels, no characters that look alike: the alphabet of Kubernetes' generateName. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const RANDOM_LENGTH = 12;
/** With a dash and the random characters, an id is at most 63 characters long: a DNS label. */
const PREFIX_LENGTH = 50;

/** A new id: the beginning of the member's name, for people, and 57 random bits. */
export const newClaimId = (member: string): string => {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length)));
  return `${member.slice(0, PREFIX_LENGTH)}-${random.join('')}`;
};
