// The history of a pool and the summaries of all pools.
import { z } from 'zod';
import { closedObject } from '../contract/closed-object.ts';
import { HistoryOptions, PoolHistory } from '../contract/history.ts';
import { PoolSelectors } from '../contract/list-options.ts';
import { HISTORY_DEFAULT_POINTS, HISTORY_MAX_POINTS } from '../contract/limits.ts';
import { must } from '../contract/must.ts';
import { PoolSummaries } from '../contract/summary.ts';
import { summariesEtag } from '../services/history/summaries-etag.ts';
import { operation, POOLS_TAG } from './operation.ts';

export const poolHistory = operation({
  tag: POOLS_TAG,
  method: 'GET',
  path: '/pools/{name}/history',
  operationId: 'getPoolHistory',
  summary: 'Get the history of a pool',
  description: `Figures of the pool from \`from\` to \`to\`, one point for each step: at most ${HISTORY_MAX_POINTS} points, and ${HISTORY_DEFAULT_POINTS} unless \`step\` is given. Points begin at multiples of the step since 1970-01-01 UTC. Samples are kept for 24 hours every 10 seconds and for 30 days every 5 minutes; on Kubernetes, each server keeps those of the last 24 hours since its start.`,
  output: PoolHistory,
  success: 200,
  errors: ['KUBERNETES::POOL_NOT_FOUND'],
})
  .input(closedObject({ name: z.string(must('be a string')).describe('Name of the pool.'), ...HistoryOptions.shape }))
  .query(({ ctx, input: { name, ...options } }) => ctx.history.read(name, options));

export const poolSummaries = operation({
  tag: POOLS_TAG,
  method: 'GET',
  path: '/pool-summaries',
  operationId: 'listPoolSummaries',
  summary: 'List the summaries of all pools',
  description:
    'What an overview shows of every pool that matches the selectors, ordered by name, in one page. At most 10 seconds old.',
  output: PoolSummaries,
  success: 200,
  etag: summariesEtag,
  errors: [],
})
  .input(PoolSelectors.optional())
  .query(({ ctx, input = {} }) => ctx.history.summaries(input));
