// Repeats a read that an overloaded API server refused, as client-go does: reads are safe to repeat.
import { setTimeout } from 'node:timers/promises';
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { BackOff } from '../../../lib/back-off.ts';
import { WarmpoolError } from '../../warmpool-error.ts';

const BACK_OFF = { firstMs: 100, longestMs: 1_000 };

/**
 * Calls `read` until the API server does not respond with 429 or 503, with the pauses that its Retry-After asks for.
 * Rejects with the last refusal when the next pause would end after `deadlineMs`, of performance.now().
 */
export const retryRead = async <Result>(read: () => Promise<Result>, deadlineMs: number): Promise<Result> => {
  const backOff = new BackOff(BACK_OFF);
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const pauseMs = isOverloaded(error) ? Math.max(backOff.next(), (error.retryAfterSeconds ?? 0) * 1_000) : Infinity;
      if (performance.now() + pauseMs >= deadlineMs) throw error;
      await setTimeout(pauseMs);
    }
  }
};

const isOverloaded = (error: unknown): error is WarmpoolError =>
  error instanceof WarmpoolError && error.cause instanceof ApiException && [429, 503].includes(error.cause.code);
