// Selectors and pagination of lists of pools.
import { z } from 'zod';
import { LabelSelector } from './label-selector.ts';
import { PAGE_MAX_LIMIT } from './limits.ts';
import { must } from './must.ts';

/** A pool is selected if it matches every selector given; without selectors, all pools are. */
export const PoolSelectors = z.strictObject({
  labelSelector: LabelSelector.optional(),
  namePrefix: z.string(must('be a string')).optional(),
});
export type PoolSelectors = z.infer<typeof PoolSelectors>;

const inRange = must(`be an integer from 1 to ${PAGE_MAX_LIMIT}`);

/** Without a limit, the whole list is returned. */
export const PageOptions = z.strictObject({
  limit: z.int(inRange).min(1, inRange).max(PAGE_MAX_LIMIT, inRange).optional(),
  continue: z.string(must('be a string')).min(1, must('not be empty; omit it to start at the first page')).optional(),
});
export type PageOptions = z.infer<typeof PageOptions>;
