// Identifiers of claims.
import { randomSuffix } from '../../lib/random-suffix.ts';

const RANDOM_LENGTH = 12;
/** With a dash and the random characters, an id is at most 63 characters long: a DNS label. */
const PREFIX_LENGTH = 50;

/** A new id: the beginning of the member's name, for people, and 57 random bits. */
export const newClaimId = (member: string): string =>
  `${member.slice(0, PREFIX_LENGTH)}-${randomSuffix(RANDOM_LENGTH)}`;
