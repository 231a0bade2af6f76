// How a list of pools is narrowed and read in pages.
import { z } from 'zod';
import { LabelSelector } from './label-selector.ts';
import { PAGE_MAX_LIMIT } from './limits.ts';
import { must } from './must.ts';

/** Which pools are meant; none given: all of them. All that are given must fit. */
export const PoolSelectors = z.strictObject({
  labelSelector: LabelSelector.optional(),
  namePrefix: z.string(must('be a string')).optional(),
});
export type PoolSelectors = z.infer<typeof PoolSelectors>;

const inRange = must(`be an integer from 1 to ${PAGE_MAX_LIMIT}`);

/** Which part of a list is answered; none given: everything. */
export const Page = z.strictObject({
  limit: z.int(inRange).min(1, inRange).max(PAGE_MAX_LIMIT, inRange).optional(),
  continue: z.string(must('be a string')).optional(),
});
export type Page = z.infer<typeof Page>;
