// The use cases of pools: the rules that hold for every runtime. What a runtime does itself is behind the ports.
import { DECISIONS_DEFAULT_LIMIT } from '../../contract/limits.ts';
import type { DecisionList } from '../../contract/decision.ts';
import type { MemberList } from '../../contract/member.ts';
import type { PatchPool, PoolSpecification } from '../../contract/pool.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import type { DecisionReader, MemberReader } from './pool-observations.ts';
import type { PoolChange, PoolStore } from './pool-store.ts';
import type { Pool } from './pool.ts';
import { newSpecification, patchMembers, replaceMembers, type Replacement } from './specification.ts';

type Ports = { readonly store: PoolStore; readonly members: MemberReader; readonly decisions: DecisionReader };

export class PoolService {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Errors: POOL_ALREADY_EXISTS. */
  create(name: string, specification: PoolSpecification): Promise<Pool> {
    return this.#ports.store.create(name, newSpecification(specification));
  }

  /** Errors: POOL_NOT_FOUND. */
  get(name: string): Promise<Pool> {
    return this.#ports.store.get(name);
  }

  /** Every pool, ordered by name. */
  list(): Promise<readonly Pool[]> {
    return this.#ports.store.list();
  }

  /** Replaces each given member whole (PUT). Errors: POOL_NOT_FOUND. */
  update(name: string, given: Replacement): Promise<PoolChange> {
    return this.#ports.store.update(name, ({ specification }) => replaceMembers(specification, given));
  }

  /** Applies a JSON merge patch. Errors: POOL_NOT_FOUND, REQUEST::INVALID for what the patch makes of the pool. */
  patch(name: string, patch: PatchPool): Promise<PoolChange> {
    return this.#ports.store.update(name, ({ specification }) => patchMembers(specification, patch));
  }

  /** @param options.isForced Deletes the pool although members are allocated. Errors: POOL_NOT_FOUND, POOL::IN_USE. */
  delete(name: string, { isForced }: { isForced: boolean }): Promise<Pool> {
    return this.#ports.store.delete(name, ({ status }) => {
      const allocated = status?.allocated ?? 0;
      if (allocated > 0 && !isForced)
        throw new WarmpoolError(
          'POOL::IN_USE',
          `Pool "${name}" has ${allocated} allocated ${allocated === 1 ? 'member' : 'members'}. Release them first, or delete with force=true.`,
        );
    });
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
