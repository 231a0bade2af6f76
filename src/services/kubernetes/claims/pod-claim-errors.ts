// Why claims on pods are refused.
import type { Pool } from '../../pools/pool.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { CONTROLLER, WARMPOOL } from '../pods/pod-metadata.ts';

export const notManaged = ({ name }: Pool): WarmpoolError =>
  new WarmpoolError(
    'POOL::NOT_MANAGED',
    `Warmpool does not manage the members of pool "${name}". To hand it over, stop any other controller of pools in the namespace, then add the annotation ${CONTROLLER}: ${WARMPOOL} to the pool.`,
  );

export const keepsChanging = (id: string): WarmpoolError =>
  new WarmpoolError('KUBERNETES::UNAVAILABLE', `The pod of claim "${id}" keeps changing. Try again.`);
