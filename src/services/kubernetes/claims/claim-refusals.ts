// Errors of claims that only a cluster has.
import { WarmpoolError } from '../../warmpool-error.ts';

export const keepsChanging = (id: string): WarmpoolError =>
  new WarmpoolError('KUBERNETES::UNAVAILABLE', `The pod of claim "${id}" keeps changing. Try again.`);
