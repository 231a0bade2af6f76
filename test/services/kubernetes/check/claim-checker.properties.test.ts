// Random histories that follow the protocol break no promise; the same histories with one fault break the promise of the fault.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PromiseName } from '../../../../src/services/kubernetes/check/violation.ts';
import { History, POOL } from './history.ts';

const PODS_MAX = 4;
const RUNS = { numRuns: 300 };

type State = 'idle' | 'held' | 'ended' | 'restarting' | 'terminating';
type End = 'released' | 'expired';
type Pod = {
  name: string;
  state: State;
  number: number;
  claim: string;
  key: string | undefined;
  answered: boolean;
  end?: End;
};

/** Servers, clients and a kubelet that follow the protocol. */
class World {
  readonly history = new History({ othersDelete: false });
  readonly type: string;
  pods: Pod[] = [];
  #names = 0;

  constructor(type: string) {
    this.type = type;
    this.history.pool({ type, capacity: { poolMax: PODS_MAX } });
  }

  in(...states: State[]): Pod[] {
    return this.pods.filter(({ state }) => states.includes(state));
  }

  newName(pod: Pod): string {
    this.#names += 1;
    return `${pod.name}-claim${this.#names}`;
  }

  start(): void {
    if (this.pods.length >= PODS_MAX) return;
    this.#names += 1;
    const name = `p${this.#names}`;
    this.pods.push({ name, state: 'idle', number: 0, claim: '', key: undefined, answered: false });
    this.history.start(name);
  }

  bind(pod: Pod, key: string | undefined): void {
    Object.assign(pod, { state: 'held', claim: this.newName(pod), key, answered: false });
    this.history.hold(pod.name, pod.claim);
  }

  /** The answer of the bind, and replays of it. */
  answer(pod: Pod): void {
    if (pod.answered && pod.key === undefined) return;
    pod.answered = true;
    this.history.claimed(pod.claim, { ...(pod.key !== undefined && { key: pod.key }) });
  }

  takeBack(pod: Pod): void {
    if (pod.answered) return;
    pod.state = 'idle';
    this.history.idle(pod.name, pod.number);
  }

  renew(pod: Pod): void {
    const expiresAt = new Date(this.history.nowMs + 7_200_000).toISOString();
    this.history.hold(pod.name, pod.claim, { expiresAt });
    this.history.answered({ kind: 'renewed', claimId: pod.claim, expiresAt });
  }

  end(pod: Pod, end: End): void {
    Object.assign(pod, { state: 'ended', end });
    this.history.end(pod.name, pod.claim, end);
    if (end === 'released') this.history.answered({ kind: 'released', claimId: pod.claim });
  }

  /** The next step of recycling. */
  recycle(pod: Pod): void {
    if (this.type === 'Delete') this.remove(pod);
    else if (this.type === 'Restart' && pod.state === 'ended') {
      pod.state = 'restarting';
      this.history.hold(pod.name, pod.claim, { state: 'restarting', ...(pod.end && { end: pod.end }) });
    } else {
      Object.assign(pod, { state: 'idle', number: pod.number + 1 });
      this.history.idle(pod.name, pod.number);
    }
  }

  remove(pod: Pod): void {
    if (pod.state !== 'terminating') {
      pod.state = 'terminating';
      this.history.terminate(pod.name);
      return;
    }
    this.pods = this.pods.filter((other) => other !== pod);
    this.history.gone(pod.name);
  }

  step([action, choice]: readonly [number, number]): void {
    const pick = (...states: State[]): Pod | undefined => {
      const pods = this.in(...states);
      return pods[choice % Math.max(1, pods.length)];
    };
    const on = (pod: Pod | undefined, act: (pod: Pod) => void): void => {
      if (pod) act(pod);
    };
    const actions = [
      () => {
        this.start();
      },
      () => {
        on(pick('idle'), (pod) => {
          this.bind(pod, choice % 2 === 0 ? `key${choice}` : undefined);
        });
      },
      () => {
        on(pick('held'), (pod) => {
          this.answer(pod);
        });
      },
      () => {
        on(pick('held'), (pod) => {
          this.takeBack(pod);
        });
      },
      () => {
        on(pick('held'), (pod) => {
          this.renew(pod);
        });
      },
      () => {
        on(pick('held'), (pod) => {
          this.end(pod, choice % 3 === 0 ? 'expired' : 'released');
        });
      },
      () => {
        on(pick('ended', 'restarting'), (pod) => {
          this.recycle(pod);
        });
      },
      () => {
        on(pick('idle', 'terminating'), (pod) => {
          this.remove(pod);
        });
      },
    ];
    actions[action % actions.length]?.();
  }
}

type Fault = { promise: PromiseName; states: State[]; plant: (world: World, pod: Pod) => void };

const RELEASED = { kind: 'released' } as const;
const FAULTS: Record<string, Fault> = {
  'another claim on a held pod': {
    promise: 'one-holder',
    states: ['held'],
    plant: ({ history }, pod) => history.hold(pod.name, `${pod.name}-fault`),
  },
  'another claim on a pod that is not recycled': {
    promise: 'one-holder',
    states: ['ended', 'restarting'],
    plant: ({ history }, pod) => history.hold(pod.name, `${pod.name}-fault`),
  },
  'an ended claim that is held again': {
    promise: 'one-holder',
    states: ['ended', 'restarting'],
    plant: ({ history }, pod) => history.hold(pod.name, pod.claim),
  },
  'a held pod that becomes idle': {
    promise: 'one-holder',
    states: ['held'],
    plant: ({ history }, pod) => history.idle(pod.name, pod.number + 1),
  },
  'a double mark': {
    promise: 'one-holder',
    states: ['idle', 'held'],
    plant: ({ history }, pod) => history.mark(pod.name, pod.number, { id: `${pod.name}-fault` }),
  },
  'a skipped idle number': {
    promise: 'idle-number',
    states: ['idle', 'ended', 'restarting'],
    plant: ({ history }, pod) => history.idle(pod.name, pod.number + 2),
  },
  'a bind that is taken back after its answer': {
    promise: 'answers',
    states: ['held'],
    plant: (world, pod) => {
      world.answer(pod);
      world.history.idle(pod.name, pod.number);
    },
  },
  'an answer without a bind': {
    promise: 'answers',
    states: ['idle', 'held', 'ended'],
    plant: ({ history }, pod) => history.claimed(`${pod.name}-fault`),
  },
  'an answer before its bind': {
    promise: 'answers',
    states: ['idle'],
    plant: (world, pod) => {
      const claim = `${pod.name}-fault`;
      world.history.claimed(claim).pass(10).hold(pod.name, claim);
    },
  },
  'an answer for another pool': {
    promise: 'pool-uid',
    states: ['held'],
    plant: ({ history }, pod) => history.claimed(pod.claim, { poolUid: `${POOL}-old` }),
  },
  'an answer without a key for a claim that was answered': {
    promise: 'one-answer',
    states: ['held'],
    plant: (world, pod) => {
      world.answer(pod);
      world.history.claimed(pod.claim);
      if (pod.key === undefined) world.history.claimed(pod.claim);
    },
  },
  'an answer with a pod that was not ready': {
    promise: 'ready',
    states: ['idle'],
    plant: ({ history }, pod) =>
      history.change(pod.name, { isReady: false }).hold(pod.name, `${pod.name}-fault`).claimed(`${pod.name}-fault`),
  },
  'a release without an end': {
    promise: 'answers',
    states: ['held'],
    plant: ({ history }, pod) => history.answered({ ...RELEASED, claimId: pod.claim }).pass(10),
  },
  'a renewal without a mark': {
    promise: 'answers',
    states: ['held'],
    plant: ({ history }, pod) =>
      history.answered({ kind: 'renewed', claimId: pod.claim, expiresAt: '2020-01-01T00:00:00Z' }),
  },
  'a refusal while a pod is free': {
    promise: 'refusals',
    states: ['idle'],
    plant: ({ history }) => history.pass(10).answered({ kind: 'refused', poolUid: POOL }).pass(10),
  },
  'a held pod that is deleted': {
    promise: 'held-pods',
    states: ['held'],
    plant: ({ history }, pod) => history.gone(pod.name),
  },
  'pods above poolMax': {
    promise: 'pool-max',
    states: ['idle', 'held', 'ended', 'restarting', 'terminating'],
    plant: ({ history }) => {
      for (let more = 0; more < PODS_MAX + 1; more += 1) history.start(`fault${more}`);
    },
  },
};

const type = fc.constantFrom('Delete', 'Noop', 'Restart');
const steps = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 11 })), { minLength: 5, maxLength: 60 });

const play = (recycling: string, actions: readonly (readonly [number, number])[]): World => {
  const world = new World(recycling);
  for (const action of actions) world.step(action);
  return world;
};

test('A history that follows the protocol breaks no promise', () => {
  fc.assert(
    fc.property(type, steps, (recycling, actions) => {
      expect(play(recycling, actions).history.violations()).toEqual([]);
    }),
    RUNS,
  );
});

test.each(Object.entries(FAULTS))('In a random history, %s is found', (_, { promise, states, plant }) => {
  let planted = 0;
  fc.assert(
    fc.property(type, steps, fc.nat(), (recycling, actions, choice) => {
      const world = play(recycling, actions);
      const pods = world.in(...states);
      const pod = pods[choice % Math.max(1, pods.length)];
      fc.pre(pod !== undefined);
      planted += 1;
      plant(world, pod);
      expect(world.history.broken()).toContain(promise);
    }),
    RUNS,
  );
  expect(planted).toBeGreaterThan(100);
});
