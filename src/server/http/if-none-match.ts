// Conditional reads.
import { entityTags } from '../../contract/preconditions.ts';

/** Whether `If-None-Match` contains the tag, by weak comparison (RFC 9110, section 13.1.2). Text that is not a list of tags contains none. */
export const isKnown = (ifNoneMatch: string | undefined, tag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || entityTags(ifNoneMatch).some((known) => known.replace(/^W\//, '') === tag));
