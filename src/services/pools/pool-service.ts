// The use cases of pools: the rules that apply to every runtime. What differs between runtimes is in the ports.
import { DECISIONS_DEFAULT_LIMIT } from '../../contract/limits.ts';
import type { Decision, PoolPlan } from '../../contract/decision.ts';
import type { PageOptions, PoolSelectors } from '../../contract/list-options.ts';
import type { Member } from '../../contract/member.ts';
import type { PatchPool, PoolSpecification } from '../../contract/pool.ts';
import { below, type FoundViolation } from '../../contract/violations.ts';
import type { Clock } from '../../lib/clock.ts';
import { CreateOnce } from '../idempotency/create-once.ts';
import type { KeyedRequest } from '../idempotency/retry-record.ts';
import { agree, countOf } from '../planning/wording.ts';
import { invalidRequest, WarmpoolError } from '../warmpool-error.ts';
import { isPoolAlreadyExists } from './pool-errors.ts';
import { pageOf, type PoolPage } from './pool-page.ts';
import type { DecisionReader, DeletionCheck, MemberReader, PoolPlanner, PoolStore, ProposedChange } from './ports.ts';
import type { Pool, StoredSpecification } from './pool.ts';
import { retryRecordOf, withRetryRecord } from './retry-record.ts';
import { hasMetadata, newSpecification, patchFields, replaceFields, type Replacement } from './specification.ts';
import { checkPrecondition } from './representation/etag.ts';

export type PoolPorts = {
  readonly store: PoolStore;
  readonly members: MemberReader;
  readonly decisions: DecisionReader;
  readonly planner: PoolPlanner;
  /** What the runtime does not support in a template, with paths from the template down; empty if nothing. */
  readonly reviewTemplate: (template: NonNullable<StoredSpecification['template']>) => readonly FoundViolation[];
  readonly clock: Clock;
};

type CreatePoolOptions = {
  /** Check everything and store nothing. Never recorded for retries. */
  readonly isDryRun?: boolean | undefined;
  /** The request's Idempotency-Key, and what it depends on. */
  readonly retry?: Omit<KeyedRequest, 'operation' | 'body'> | undefined;
};

type ChangePoolOptions = {
  readonly isDryRun?: boolean | undefined;
  /** The value of `If-Match`. */
  readonly ifMatch?: string | undefined;
};

type DeletePoolOptions = ChangePoolOptions & {
  /** Delete the pool even if members are allocated. */
  readonly isForced?: boolean | undefined;
};

/** The result of a write; on a dry run, what it would be, with the plan. */
export type Written = {
  readonly before?: Pool;
  readonly after?: Pool;
  readonly plan?: PoolPlan;
  /** Whether an earlier request created the pool, which is returned in its current state. */
  readonly isReplay?: boolean;
};

export class PoolService {
  readonly #ports: PoolPorts;
  readonly #createOnce: CreateOnce<Pool>;

  constructor(ports: PoolPorts) {
    this.#ports = ports;
    const resources = {
      findByRetryKey: (key: string) => ports.store.findByRetryKey(key),
      retryRecordOf,
      isReplayable: ({ deletingSince }: Pool) => deletingSince === undefined,
      describe: ({ name }: Pool) => `pool "${name}"`,
    };
    this.#createOnce = new CreateOnce(resources, ports.clock);
  }

  /** Errors: POOL_ALREADY_EXISTS, KEY_REUSED. */
  async create(
    name: string,
    given: PoolSpecification,
    { isDryRun = false, retry }: CreatePoolOptions = {},
  ): Promise<Written & { readonly after: Pool }> {
    const { store } = this.#ports;
    this.#checkTemplate(given.template);
    const request = retry && { ...retry, operation: 'pools.create', body: { ...given, name } };
    if (request && !isDryRun) return this.#createKeyed(name, given, request);
    const known = request && this.#createOnce.find(request);
    if (known !== undefined) return this.#toWritten({ before: known, after: known }, isDryRun);
    const after = await store.create(name, newSpecification(given), { isDryRun });
    return this.#toWritten({ after }, isDryRun);
  }

  async #createKeyed(name: string, given: PoolSpecification, request: KeyedRequest) {
    const { store } = this.#ports;
    const { resource, isReplay } = await this.#createOnce.run(request, {
      create: (record) => store.create(name, withRetryRecord(newSpecification(given), { ...record, name })),
      // It may have been deleted again, or be unreadable: the conflict is then the error to report.
      findConflicting: async (error) =>
        isPoolAlreadyExists(error) ? store.get(name).catch(() => undefined) : undefined,
    });
    return { after: resource, isReplay };
  }

  /** Errors: POOL_NOT_FOUND. */
  get(name: string): Promise<Pool> {
    return this.#ports.store.get(name);
  }

  /** Ordered by name. Errors: REQUEST::INVALID for a `continue` of another list. */
  async list(options: PoolSelectors & PageOptions = {}): Promise<PoolPage> {
    return pageOf(await this.#ports.store.list(), options);
  }

  /** Replaces each given field entirely (PUT). Errors: POOL_NOT_FOUND, VERSION_CONFLICT. */
  async update(name: string, given: Replacement, { isDryRun = false, ifMatch }: ChangePoolOptions = {}) {
    this.#checkTemplate(given.template);
    const touchesMetadata = hasMetadata(given);
    const change = (present: Pool) => {
      checkPrecondition(present, ifMatch, touchesMetadata);
      return { specification: replaceFields(present.specification, given), touchesMetadata };
    };
    return this.#toWritten(await this.#ports.store.update(name, change, { isDryRun }), isDryRun);
  }

  /** Applies a JSON merge patch. Errors: POOL_NOT_FOUND, VERSION_CONFLICT, REQUEST::INVALID for a patched pool that breaks the rules. */
  async patch(name: string, patch: PatchPool, { isDryRun = false, ifMatch }: ChangePoolOptions = {}) {
    const touchesMetadata = hasMetadata(patch);
    const change = (present: Pool) => {
      checkPrecondition(present, ifMatch, touchesMetadata);
      const specification = patchFields(present.specification, patch);
      if (patch.template !== undefined) this.#checkTemplate(specification.template);
      return { specification, touchesMetadata };
    };
    return this.#toWritten(await this.#ports.store.update(name, change, { isDryRun }), isDryRun);
  }

  /** Errors: POOL_NOT_FOUND, VERSION_CONFLICT, POOL::IN_USE. */
  async delete(
    name: string,
    { isDryRun = false, ifMatch, isForced = false }: DeletePoolOptions = {},
  ): Promise<Written & { readonly before: Pool }> {
    const { store } = this.#ports;
    const check: DeletionCheck = (present, allocated) => {
      checkPrecondition(present, ifMatch);
      if (!isForced) checkUnused(present, allocated);
    };
    const before = await store.delete(name, check, { isDryRun, isExact: ifMatch !== undefined && ifMatch !== '*' });
    return this.#toWritten({ before }, isDryRun);
  }

  /** A template that a request gives must be one that members can be started from. */
  #checkTemplate(template: StoredSpecification['template']): void {
    const violations = template ? this.#ports.reviewTemplate(template) : [];
    if (violations.length > 0) throw invalidRequest(below(['template'], violations));
  }

  /** A dry run has the plan of the change. */
  async #toWritten<Change extends ProposedChange>(
    change: Change,
    isDryRun: boolean,
  ): Promise<Change & { readonly plan?: PoolPlan }> {
    return isDryRun ? { ...change, plan: await this.#ports.planner.plan(change) } : change;
  }

  /** Ordered by name. Errors: POOL_NOT_FOUND. */
  async members(name: string): Promise<Member[]> {
    const pool = await this.#ports.store.get(name);
    return this.#ports.members.list(pool);
  }

  /** Newest first. Errors: POOL_NOT_FOUND, RUNTIME::NOT_SUPPORTED. */
  async decisions(name: string, limit = DECISIONS_DEFAULT_LIMIT): Promise<Decision[]> {
    const pool = await this.#ports.store.get(name);
    return this.#ports.decisions.list(pool, limit);
  }
}

const checkUnused = ({ name }: Pool, allocated: number): void => {
  if (allocated > 0)
    throw new WarmpoolError(
      'POOL::IN_USE',
      `Pool "${name}" has ${countOf(allocated, 'allocated member')}. Release ${agree(allocated, 'it', 'them')} first, or use force=true to delete the pool anyway.`,
    );
};
