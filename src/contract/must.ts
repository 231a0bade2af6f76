// Wording of violations: "must …", or "is required" if the field is missing.
import type { z } from 'zod';

/** Zod parameters that word every violation of a schema or check as `must …`. */
export const must = (text: string) => ({
  error: (issue: z.core.$ZodRawIssue) => (issue.input === undefined ? 'is required' : `must ${text}`),
});
