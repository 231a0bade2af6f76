// Clients, operators and accidents around one server, and what all of them see.
import type { Claim, CreateClaim } from '../../../../src/contract/claim.ts';
import type { RecycleType } from '../../../../src/contract/strategies.ts';
import type { Replacement } from '../../../../src/services/pools/specification.ts';
import { WarmpoolError } from '../../../../src/services/warmpool-error.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { capacity, specification, template } from '../../../support/pools.ts';
import { temporaryFolder } from '../../../support/test-server.ts';
import { keyed } from '../start-claims.ts';
import { ClaimHistory } from './claim-history.ts';
import { startProcess, type Plant, type ServerProcess } from './server-process.ts';

type PoolName = 'a' | 'b';

export type Action =
  | { kind: 'claim'; pool: PoolName; body: CreateClaim; key?: string | undefined; hangsUp?: boolean }
  | { kind: 'release' | 'fail' | 'vanish'; index: number }
  | { kind: 'renew'; index: number; ttlSeconds: number }
  | { kind: 'evict'; index: number; isForced: boolean }
  | { kind: 'advance'; ms: number }
  | { kind: 'capacity'; pool: PoolName; bufferMin: number; poolMax: number }
  | { kind: 'template'; pool: PoolName; image: string }
  | { kind: 'strategy'; pool: PoolName; type: RecycleType }
  | { kind: 'create'; pool: PoolName; type: RecycleType }
  | { kind: 'delete'; pool: PoolName; isForced: boolean }
  | { kind: 'breakStore'; commits: number }
  | { kind: 'kill' };

/** An action, and how far the server gets before the next one: microtasks, turns of the event loop, or everything. */
export type Step = { action: Action; microtasks: number; turns: number; settles: boolean };

/** What could not be stored is tried again within this time. */
const RECOVERY_MS = 3_000;
const QUIET_MS = 4 * 60_000;

type Received = { readonly id: string; readonly pool: string; readonly member: string };

export class World {
  readonly history = new ClaimHistory();
  readonly #clock: FakeClock;
  readonly #plant: Plant;
  /** Requests that no response was received for. */
  readonly #pending = new Set<Promise<unknown>>();
  /** Claims that clients received, in that order. */
  readonly #claims: Received[] = [];
  #process: ServerProcess;

  private constructor(process: ServerProcess, clock: FakeClock, plant: Plant) {
    this.#process = process;
    this.#clock = clock;
    this.#plant = plant;
  }

  static async open(plant: Plant = {}): Promise<World> {
    const clock = new FakeClock();
    return new World(await startProcess(temporaryFolder(), clock, plant), clock, plant);
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const { action, microtasks, turns, settles } of steps) {
      await this.#act(action);
      for (let count = 0; count < microtasks; count++) await Promise.resolve();
      for (let count = 0; count < turns; count++) await turn();
      if (!settles) continue;
      await this.#settle();
      await this.#observe();
    }
  }

  /** Lets everything come to rest, compares the whole state for the last time, and stops the server. */
  async end(): Promise<void> {
    this.#process.failCommits(0);
    for (let passedMs = 0; passedMs < QUIET_MS; passedMs += 5_000) {
      await this.#advance(5_000);
      await this.#observe();
    }
    const { problems } = this.history;
    if (this.#pending.size > 0) problems.push(`${this.#pending.size} requests have no response.`);
    if (this.#process.orders().length > 0) problems.push('Orders to recycle members were not carried out.');
    const { claims } = await this.#process.claims.list({});
    if (claims.length > 0) problems.push('Claims are live after their time.');
    for (const { name, status, specification: it } of await this.#process.store.list()) {
      const { bufferMin, bufferMax, poolMax } = it.capacitySpec;
      const available = status?.available ?? 0;
      if (status?.allocated !== 0 || available < Math.min(bufferMin, poolMax) || available > bufferMax)
        problems.push(`Pool ${name} has settled at ${JSON.stringify({ ...status, conditions: [] })}.`);
    }
    await this.#process.stop();
  }

  async #act(action: Action): Promise<void> {
    const { claims, pools, driver } = this.#process;
    switch (action.kind) {
      case 'claim':
        this.#claim(action);
        break;
      case 'release':
        this.#ofClaim(action.index, ({ id }) => claims.release(id));
        break;
      case 'renew':
        this.#ofClaim(action.index, ({ id }) => claims.renew(id, action.ttlSeconds));
        break;
      case 'evict':
        this.#ofClaim(action.index, ({ pool, member }) =>
          claims.evict(pool, member, action.isForced).then(() => undefined),
        );
        break;
      case 'fail':
        driver.report(this.#memberAt(action.index), { phase: 'failed', message: 'exit code 1' });
        break;
      case 'vanish':
        this.#send(driver.vanish(this.#memberAt(action.index)));
        break;
      case 'advance':
        await this.#advance(action.ms);
        break;
      case 'capacity': {
        const capacitySpec = capacity(action.bufferMin, action.bufferMin + 1, 0, action.poolMax);
        this.#send(pools.update(action.pool, { capacitySpec }));
        break;
      }
      case 'template':
        this.#change(action.pool, { template: template(action.image) });
        break;
      case 'strategy':
        this.#change(action.pool, { recycleStrategy: { type: action.type } });
        break;
      case 'create': {
        const fields = specification({ capacitySpec: capacity(1, 2, 0, 4), scaleStrategy: { maxUnavailable: '100%' } });
        const created = pools.create(action.pool, { ...fields, recycleStrategy: { type: action.type } });
        this.#send(
          created.then(({ after }) => {
            if (action.type === 'Noop') this.history.allowDirty(after.uid);
          }),
        );
        break;
      }
      case 'delete':
        this.#send(pools.delete(action.pool, { isForced: action.isForced }));
        break;
      case 'breakStore':
        this.#process.failCommits(action.commits);
        break;
      case 'kill':
        await this.#kill();
        break;
    }
  }

  #claim({ pool, body, key, hangsUp }: Extract<Action, { kind: 'claim' }>): void {
    const process = this.#process;
    const hangUp = new AbortController();
    const created = process.claims.create(pool, body, { ...(key !== undefined && keyed(key)), signal: hangUp.signal });
    this.#send(
      created.then(({ claim }) => {
        if (!process.isAlive()) return;
        this.#noteRestarts();
        this.history.received(claim, key);
        this.#claims.push({ id: claim.id, pool, member: claim.member.name });
      }),
    );
    if (hangsUp)
      setImmediate(() => {
        hangUp.abort();
      });
  }

  /** Does something with a claim that a client has received; the client believes what it gets in response. */
  #ofClaim(index: number, call: (received: Received) => Promise<Claim | undefined>): void {
    const process = this.#process;
    const known = this.#claims[this.#claims.length - 1 - (index % Math.max(1, this.#claims.length))];
    if (known === undefined) return;
    this.#send(
      call(known).then((claim) => {
        if (claim !== undefined && process.isAlive()) this.history.received(claim);
      }),
    );
  }

  #change(name: string, given: Pick<Replacement, 'template' | 'recycleStrategy'>): void {
    const { pools, store } = this.#process;
    const change = async () => {
      const pool = await store.get(name);
      if (given.recycleStrategy?.type === 'Noop') this.history.allowDirty(pool.uid);
      await pools.update(name, { capacitySpec: pool.specification.capacitySpec, ...given });
    };
    this.#send(change());
  }

  #memberAt(index: number): string {
    const names = [...this.#process.driver.members.keys()];
    return names[index % Math.max(1, names.length)] ?? '';
  }

  /** Waits for the response in the background. Only documented errors are responses. */
  #send(request: Promise<unknown>): void {
    const process = this.#process;
    const noted = request.catch((error: unknown) => {
      if (process.isAlive() && !(error instanceof WarmpoolError)) this.history.problems.push(String(error));
    });
    this.#pending.add(noted);
    void noted.then(() => this.#pending.delete(noted));
  }

  async #kill(): Promise<void> {
    const folder = this.#process.kill();
    this.#noteRestarts();
    this.#pending.clear();
    this.#process = await startProcess(folder, this.#clock, this.#plant);
  }

  async #settle(): Promise<void> {
    for (let count = 0; count < 8; count++) {
      await turn();
      await this.#process.settled();
    }
  }

  async #advance(ms: number): Promise<void> {
    const endMs = this.#clock.now() + ms;
    await this.#settle();
    while (this.#clock.nextAtMs !== undefined && this.#clock.nextAtMs <= endMs) {
      this.#clock.moveTo(this.#clock.nextAtMs);
      for (let count = 0; count < 6; count++) await turn();
    }
    this.#clock.moveTo(endMs);
    await this.#settle();
  }

  #noteRestarts(): void {
    for (const { name, atMs } of this.#process.driver.restarts.splice(0)) this.history.restarted(name, atMs);
  }

  async #observe(): Promise<void> {
    const { claims, store, members, orders, failedMs } = this.#process;
    this.#noteRestarts();
    const pools = await store.list();
    const nowMs = this.#clock.now();
    this.history.observe({
      nowMs,
      claims: await everyClaim(claims),
      members: (await Promise.all(pools.map((pool) => members.list(pool)))).flat(),
      orders: orders(),
      isSettled: nowMs - failedMs() > RECOVERY_MS,
    });
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

const everyClaim = async (claims: ServerProcess['claims']): Promise<Claim[]> => {
  const all: Claim[] = [];
  let token: string | undefined;
  do {
    const page = await claims.list({ state: 'all', limit: 1_000, ...(token !== undefined && { continue: token }) });
    all.push(...page.claims);
    token = page.more?.token;
  } while (token !== undefined);
  return all;
};
