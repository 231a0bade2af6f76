// The use cases of pools: the rules that hold for every runtime. What a runtime does itself is behind the ports.
import { DECISIONS_DEFAULT_LIMIT } from '../../contract/limits.ts';
import type { DecisionList, PoolPlan } from '../../contract/decision.ts';
import type { Page, PoolSelectors } from '../../contract/list-options.ts';
import type { MemberList } from '../../contract/member.ts';
import type { PatchPool, PoolSpecification } from '../../contract/pool.ts';
import type { Clock } from '../../lib/clock.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { CreateOnce } from './create-once.ts';
import { pageOf, type PoolPage } from './pool-page.ts';
import type { DecisionReader, MemberReader, PoolPlanner, PoolStore, Touched } from './ports.ts';
import type { Pool, StoredSpecification } from './pool.ts';
import type { Retry } from './retry-record.ts';
import { newSpecification, patchFields, replaceFields, touchedBy, type Replacement } from './specification.ts';
import { checkPrecondition } from './representation/version.ts';

type Ports = {
  readonly store: PoolStore;
  readonly members: MemberReader;
  readonly decisions: DecisionReader;
  readonly planner: PoolPlanner;
  readonly clock: Clock;
};

type CreateOptions = {
  /** Check everything, store nothing. Never recorded for a retry. */
  readonly isDryRun?: boolean | undefined;
  /** Makes it safe to send the request again. */
  readonly retry?: Retry | undefined;
};

type UpdateOptions = {
  readonly isDryRun?: boolean | undefined;
  /** The value of `If-Match`: what the pool must still be. */
  readonly ifMatch?: string | undefined;
};

type DeleteOptions = UpdateOptions & {
  /** Delete the pool although members are allocated. */
  readonly isForced?: boolean | undefined;
};

/** What a write did. On a dry run: what it would do, with the plan. */
export type Written = {
  readonly before?: Pool;
  readonly after?: Pool;
  readonly plan?: PoolPlan;
  /** Whether it was done before: the pool is answered as it is now. */
  readonly isReplay?: boolean;
};

export class PoolService {
  readonly #ports: Ports;
  readonly #createOnce: CreateOnce;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#createOnce = new CreateOnce(ports.store, ports.clock);
  }

  /** Errors: POOL_ALREADY_EXISTS, KEY_REUSED. */
  async create(
    name: string,
    given: PoolSpecification,
    { isDryRun = false, retry }: CreateOptions = {},
  ): Promise<Written & { readonly after: Pool }> {
    const { store, planner } = this.#ports;
    if (retry !== undefined && !isDryRun) return this.#createOnce.run(name, given, retry);
    const made = retry && this.#createOnce.find(name, given, retry);
    if (made !== undefined)
      return { before: made, after: made, plan: await planner.plan({ before: made, after: made }) };
    const after = await store.create(name, newSpecification(given), { isDryRun });
    return isDryRun ? { after, plan: await planner.plan({ after }) } : { after };
  }

  /** Errors: POOL_NOT_FOUND. */
  get(name: string): Promise<Pool> {
    return this.#ports.store.get(name);
  }

  /** Ordered by name. Errors: REQUEST::INVALID for a `continue` of another list. */
  async list(options: PoolSelectors & Page = {}): Promise<PoolPage> {
    return pageOf(await this.#ports.store.list(), options);
  }

  /** Replaces each given member whole (PUT). Errors: POOL_NOT_FOUND, VERSION_CONFLICT. */
  update(name: string, given: Replacement, options: UpdateOptions = {}) {
    return this.#change(name, touchedBy(given), options, (specification) => replaceFields(specification, given));
  }

  /** Applies a JSON merge patch. Errors: POOL_NOT_FOUND, VERSION_CONFLICT, REQUEST::INVALID for what the patch makes of the pool. */
  patch(name: string, patch: PatchPool, options: UpdateOptions = {}) {
    return this.#change(name, touchedBy(patch), options, (specification) => patchFields(specification, patch));
  }

  async #change(
    name: string,
    touched: Touched,
    { isDryRun = false, ifMatch }: UpdateOptions,
    change: (specification: StoredSpecification) => StoredSpecification,
  ): Promise<Written & { readonly before: Pool; readonly after: Pool }> {
    const { store, planner } = this.#ports;
    const changed = await store.update(
      name,
      (present) => {
        checkPrecondition(present, { ifMatch, givesMetadata: touched.metadata });
        return { specification: change(present.specification), touched };
      },
      { isDryRun },
    );
    return isDryRun ? { ...changed, plan: await planner.plan(changed) } : changed;
  }

  /** Errors: POOL_NOT_FOUND, VERSION_CONFLICT, POOL::IN_USE. */
  async delete(
    name: string,
    { isDryRun = false, ifMatch, isForced = false }: DeleteOptions = {},
  ): Promise<Written & { readonly before: Pool }> {
    const { store, planner } = this.#ports;
    const check = (present: Pool) => {
      checkPrecondition(present, { ifMatch });
      if (!isForced) checkUnused(present);
    };
    const before = await store.delete(name, check, { isDryRun, isExact: ifMatch !== undefined && ifMatch !== '*' });
    return isDryRun ? { before, plan: await planner.plan({ before }) } : { before };
  }

  /** Errors: POOL_NOT_FOUND. */
  async members(name: string): Promise<MemberList> {
    const pool = await this.#ports.store.get(name);
    return { items: await this.#ports.members.list(pool) };
  }

  /** Newest first. Errors: POOL_NOT_FOUND, RUNTIME::NOT_SUPPORTED. */
  async decisions(name: string, limit = DECISIONS_DEFAULT_LIMIT): Promise<DecisionList> {
    const pool = await this.#ports.store.get(name);
    return { items: await this.#ports.decisions.list(pool, limit) };
  }
}

const checkUnused = ({ name, status }: Pool): void => {
  const allocated = status?.allocated ?? 0;
  if (allocated > 0)
    throw new WarmpoolError(
      'POOL::IN_USE',
      `Pool "${name}" has ${allocated} allocated ${allocated === 1 ? 'member' : 'members'}. Release them first, or delete with force=true.`,
    );
};

/** What the router needs of pools. */
export type PoolUseCases = Pick<
  PoolService,
  'create' | 'get' | 'list' | 'update' | 'patch' | 'delete' | 'members' | 'decisions'
>;

/** Stands in for the service on a runtime without pools: every use case is refused with the reason. */
export const refusePools = (message: string): PoolUseCases => {
  const refuse = () => Promise.reject(new WarmpoolError('KUBERNETES::POOL_NOT_SUPPORTED', message));
  return {
    create: refuse,
    get: refuse,
    list: refuse,
    update: refuse,
    patch: refuse,
    delete: refuse,
    members: refuse,
    decisions: refuse,
  };
};
