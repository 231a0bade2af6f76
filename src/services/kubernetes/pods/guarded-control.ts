// Refuses orders that must not be carried out at this moment.
import type { MemberControl } from '../../controller/ports.ts';
import type { WarmpoolError } from '../../warmpool-error.ts';
import type { PodTable } from './pod-table.ts';

/** @param refusalOf Why no member of a pool may be started, restarted or stopped; undefined if they may. */
export const guardedControl = (
  control: MemberControl,
  pods: Pick<PodTable, 'get'>,
  refusalOf: (poolUid: string | undefined) => WarmpoolError | undefined,
): MemberControl => {
  const check = async (poolUid: string | undefined): Promise<void> => {
    const refusal = refusalOf(poolUid);
    if (refusal !== undefined) throw refusal;
  };
  return {
    review: (template) => control.review(template),
    prepare: (order) => control.prepare(order),
    start: async (order) => check(order.poolUid).then(() => control.start(order)),
    stop: async (name) => check(pods.get(name)?.poolUid).then(() => control.stop(name)),
    restart: async (name) => check(pods.get(name)?.poolUid).then(() => control.restart(name)),
    problems: () => control.problems(),
    close: () => {
      control.close();
    },
  };
};
