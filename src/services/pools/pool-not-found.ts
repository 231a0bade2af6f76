import { WarmpoolError } from '../warmpool-error.ts';

/** The error of every operation on a pool that does not exist. */
export const poolNotFound = (name: string): WarmpoolError =>
  new WarmpoolError('KUBERNETES::POOL_NOT_FOUND', `Pool "${name}" not found.`);
