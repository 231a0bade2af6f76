// The orders of the leader.
import type { MemberControl } from '../../controller/ports.ts';
import { WarmpoolError } from '../../warmpool-error.ts';

/** Refuses the orders of a leader that no longer leads. */
export const onlyWhile = (isLeader: () => boolean, control: MemberControl): MemberControl => {
  const checked = async (): Promise<void> => {
    if (!isLeader()) throw new WarmpoolError('KUBERNETES::UNAVAILABLE', 'This server is no longer the leader.');
  };
  return {
    review: (template) => control.review(template),
    prepare: (order) => control.prepare(order),
    start: async (order) => checked().then(() => control.start(order)),
    stop: async (name) => checked().then(() => control.stop(name)),
    restart: async (name) => checked().then(() => control.restart(name)),
    problems: () => control.problems(),
    close: () => {
      control.close();
    },
  };
};
