// Random ends of names.
import { randomInt } from 'node:crypto';

/** No vowels, no characters that look alike: the alphabet of Kubernetes' generateName. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Random lower-case letters and digits, of 4.7 bits each. */
export const randomSuffix = (length: number): string =>
  Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
