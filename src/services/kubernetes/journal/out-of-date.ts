// Refusals of writes that were based on something other than what is stored.
import { isPoolAlreadyExists } from '../../pools/pool-errors.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { isLostRace } from '../connection/api-error.ts';

/** The object, of any resource, does not exist. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_NOT_FOUND';

/** The object has changed, been created or been deleted. */
export const isOutOfDate = (error: unknown): boolean =>
  isLostRace(error) || isPoolAlreadyExists(error) || isNotFound(error);
