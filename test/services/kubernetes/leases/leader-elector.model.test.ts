// Whatever networks and processes do: there are never two leaders at once, and one soon after all faults have ended.
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { refusal, type Network } from './lease-server.ts';
import { World } from './world.ts';

/** Number of runs; each takes about 20 ms. */
const RUNS = Number(process.env.MODEL_RUNS ?? 100);

const SERVERS = ['a', 'b', 'c'] as const;

afterEach(() => {
  vi.restoreAllMocks();
});

/** The way of one call. Times in milliseconds. */
type Way = {
  readonly toServer: number;
  readonly toClient: number;
  readonly fault: 'none' | 'requestLost' | 'responseLost' | 'refused';
};

const SMOOTH: Way = { toServer: 1, toClient: 1, fault: 'none' };

// Up to longer than the deadline of an attempt: such a write arrives after its client has given it up.
const delay = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 50 }) },
  { weight: 2, arbitrary: fc.integer({ min: 100, max: 4_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 4_000, max: 30_000 }) },
);
const way: fc.Arbitrary<Way> = fc.record({
  toServer: delay,
  toClient: delay,
  fault: fc.oneof(
    { weight: 8, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom('requestLost' as const, 'responseLost' as const, 'refused' as const) },
  ),
});

const server = fc.nat(SERVERS.length - 1);
type Action =
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'pause' | 'resume' | 'replace'; readonly server: number }
  | { readonly kind: 'kill'; readonly server: number; readonly keepsIdentity: boolean }
  | { readonly kind: 'edit' };
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pause' as const), server }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('resume' as const), server }) },
  // A server that stops is replaced: by another pod, or by a container in the same one.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const), server }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), server, keepsIdentity: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit' as const) }) },
);

test('There are never two leaders at once, and every term ends before the next one begins', async () => {
  const run = async (actions: readonly Action[], ways: readonly Way[], jitter: number[]) => {
    const world = new World();
    let [calls, jitters, created] = [0, 0, 0];
    let isSmooth = false;
    vi.spyOn(Math, 'random').mockImplementation(() => jitter[jitters++ % jitter.length] ?? 0);
    const later = (ms: number) => new Promise<void>((resolve) => void world.clock.after(ms, resolve));
    const networkOf =
      (clock: () => ReturnType<World['server']>['clock']): Network =>
      async (verb, carryOut, signal) => {
        const { toServer, toClient, fault } = isSmooth ? SMOOTH : (ways[calls++ % ways.length] ?? SMOOTH);
        const respond = async () => {
          await later(toServer);
          if (fault === 'refused') throw refusal(verb, 500, {});
          if (fault === 'requestLost') return new Promise<never>(() => undefined);
          return carryOut();
        };
        // As a connection does: nothing is sent.
        if (signal.aborted) throw refusal(verb, 504, {});
        return new Promise((resolve, reject) => {
          // A process that is stopped receives its responses when it continues.
          const response = respond();
          const deliver = () =>
            void clock().after(toClient, () => {
              resolve(response);
            });
          response.then(fault === 'responseLost' ? undefined : deliver, deliver);
          signal.addEventListener('abort', () => {
            reject(refusal(verb, 504, {}));
          });
        });
      };
    const add = (identity: string) => {
      const added: ReturnType<World['server']> = world.server(
        identity,
        networkOf(() => added.clock),
        { aheadMs: created * 3_600_000 },
      );
      created += 1;
      added.elector.start();
      return { ...added, identity };
    };
    const servers = SERVERS.map(add);
    const all = [...servers];
    const stopping: Promise<void>[] = [];
    const leaders = () => servers.filter(({ elector }) => elector.isLeader()).map(({ identity }) => identity);
    const check = () => {
      // Those that have stopped do not lead, either.
      expect(all.filter(({ elector }) => elector.isLeader()).length).toBeLessThanOrEqual(1);
    };
    const replace = (index: number, identity: string) => {
      servers[index] = add(identity);
      all.push(servers[index]);
    };
    for (const step of actions) {
      if (step.kind === 'advance') await world.advance(step.ms, check);
      else if (step.kind === 'edit') {
        const [lease] = world.api.list();
        if (lease)
          world.api.patch(lease.metadata.name, [{ op: 'add', path: '/metadata/labels', value: { n: String(calls) } }]);
      } else {
        const chosen = servers[step.server];
        if (chosen === undefined) continue;
        if (step.kind === 'pause') chosen.clock.pause();
        if (step.kind === 'resume') chosen.clock.resume();
        if (step.kind === 'replace') {
          chosen.clock.resume();
          stopping.push(chosen.elector.stop());
          replace(step.server, `s${created}`);
        }
        if (step.kind === 'kill') {
          chosen.clock.pause();
          all.splice(all.indexOf(chosen), 1);
          replace(step.server, step.keepsIdentity ? chosen.identity : `s${created}`);
        }
      }
      check();
    }
    isSmooth = true;
    for (const { clock } of servers) clock.resume();
    await world.advance(60_000, check);
    expect(leaders()).toHaveLength(1);
    for (const { events } of all) {
      const terms = events.filter((event) => event === 'elected' || event === 'deposed');
      expect(terms).toEqual(terms.map((_event, index) => (index % 2 === 0 ? 'elected' : 'deposed')));
    }
    await world.advance(5_000);
    await Promise.all(stopping);
  };
  const property = fc.asyncProperty(
    fc.array(action, { minLength: 5, maxLength: 30 }),
    fc.array(way, { minLength: 1, maxLength: 60 }),
    fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 10 }),
    run,
  );
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
}, 60_000);
