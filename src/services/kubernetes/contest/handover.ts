// What administrators are asked to do about pools that two controllers, or the wrong one, act on.
import type { RuntimeProblem } from '../../controller/ports.ts';
import { agree, countOf } from '../../planning/wording.ts';
import type { Pool } from '../../pools/pool.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { CONTROLLER, POOL_NAME, POOL_UID, WARMPOOL } from '../pods/pod-metadata.ts';
import type { ForeignPod } from './foreign-pods.ts';

/** How to put Warmpool's controller in charge of a pool. */
export const HAND_OVER = `To hand it over, stop any other controller of pools in the namespace, then add the annotation ${CONTROLLER}: ${WARMPOOL} to the pool.`;

const TAKE_SIDES = `Stop the other controller, or remove the annotation ${CONTROLLER} from the pool to leave it to that one.`;

/** Maximum number of pods that a message names. */
const NAMED_MAX = 20;

export const notManaged = ({ name }: Pick<Pool, 'name'>): WarmpoolError =>
  new WarmpoolError('POOL::NOT_MANAGED', `Warmpool does not manage the members of pool "${name}". ${HAND_OVER}`);

export const contested = ({ name }: Pick<Pool, 'name'>, remainingMs: number): WarmpoolError =>
  new WarmpoolError(
    'POOL::CONTESTED',
    `Another controller acts on pool "${name}", which hands out no members until 5 minutes after that stops. ${TAKE_SIDES}`,
    { retryAfterSeconds: Math.max(1, Math.ceil(remainingMs / 1_000)) },
  );

export const foreignController: RuntimeProblem = {
  reason: 'ForeignController',
  isBlocking: true,
  message: `Another controller starts pods for this pool or writes its status. No member is started, stopped or handed out until 5 minutes after that stops. ${TAKE_SIDES}`,
};

/** Says nothing about pods that are being deleted. */
export const foreignPods = ({ name }: Pool, namespace: string, pods: readonly ForeignPod[]): RuntimeProblem[] => {
  const left = pods.filter(({ isTerminating }) => !isTerminating);
  if (left.length === 0) return [];
  const were = `${countOf(left.length, 'pod')} of this pool ${agree(left.length, 'was', 'were')} not started by Warmpool and ${agree(left.length, 'is not a member', 'are not members')}.`;
  // The label survives where somebody removed the annotations of a member.
  const which = left.some(({ wasMember }) => wasMember)
    ? left
        .slice(0, NAMED_MAX)
        .map((pod) => pod.name)
        .join(' ')
    : `-l '${POOL_NAME}=${name},!${POOL_UID}'`;
  const message = `${were} Once nobody uses them, delete them: kubectl delete pods -n ${namespace} ${which}`;
  return [{ reason: 'ForeignPods', isBlocking: false, message }];
};
