// Errors of pools that more than one runtime has.
import { WarmpoolError } from '../warmpool-error.ts';

export const poolNotFound = (name: string): WarmpoolError =>
  new WarmpoolError('KUBERNETES::POOL_NOT_FOUND', `Pool "${name}" not found.`);

export const poolAlreadyExists = (name: string): WarmpoolError =>
  new WarmpoolError('KUBERNETES::POOL_ALREADY_EXISTS', `Pool "${name}" already exists.`);

export const isPoolAlreadyExists = (error: unknown): boolean =>
  error instanceof WarmpoolError && error.code === 'KUBERNETES::POOL_ALREADY_EXISTS';

export const poolIsDeleting = (name: string): WarmpoolError =>
  new WarmpoolError('POOL::DELETING', `Pool "${name}" is being deleted: it hands out no members.`);
