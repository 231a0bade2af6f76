// Whether a client has the current representation already (RFC 9110, section 13.1.2).
import { entityTags } from '../../contract/preconditions.ts';

const strong = (tag: string) => tag.replace(/^W\//, '');

/** Whether the value of `If-None-Match` contains the tag, by weak comparison. A value that is not a list of tags contains none. */
export const isKnown = (ifNoneMatch: string | undefined, tag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || entityTags(ifNoneMatch).some((known) => strong(known) === tag));
