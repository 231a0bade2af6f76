// What the error of a call says about the object that it was about.
import { isPoolAlreadyExists } from '../../pools/pool-errors.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { isLostRace } from '../connection/api-error.ts';

/** The object, of any resource, does not exist. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_NOT_FOUND';

/** The write was based on something other than what is stored: the object has changed, been created or been deleted. */
export const isOutOfDate = (error: unknown): boolean =>
  isLostRace(error) || isPoolAlreadyExists(error) || isNotFound(error);

/** The write may have been carried out although it failed. */
export const isUncertain = (error: unknown): boolean => error instanceof WarmpoolError && error.isUncertain;
