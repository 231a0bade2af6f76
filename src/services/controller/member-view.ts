// The members that exist, as the controller knows them: the driver's reports, and what it has just ordered itself.
import type { Member } from '../../contract/member.ts';
import { rfc3339 } from '../../lib/clock.ts';
import { revisionOf } from '../planning/revision.ts';
import type { MemberReader } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { DriverMember } from './ports.ts';

const NO_MEMBERS: ReadonlyMap<string, DriverMember> = new Map();

export class MemberView implements MemberReader {
  /** As last reported by the driver. */
  readonly #byName = new Map<string, DriverMember>();
  readonly #byPool = new Map<string, Map<string, DriverMember>>();
  /** Names of members whose driver is being asked to stop them: terminating, whatever it has reported. */
  readonly #reserved = new Set<string>();

  get(name: string): DriverMember | undefined {
    const member = this.#byName.get(name);
    return member && this.#asReserved(member);
  }

  /** The members of a pool, in no particular order. */
  of(poolUid: string): IteratorObject<DriverMember> {
    return (this.#byPool.get(poolUid) ?? NO_MEMBERS).values().map((member) => this.#asReserved(member));
  }

  /** Uids of the pools that have members. */
  poolUids(): Iterable<string> {
    return this.#byPool.keys();
  }

  put(member: DriverMember): void {
    this.#byName.set(member.name, member);
    const siblings = this.#byPool.get(member.poolUid) ?? new Map<string, DriverMember>();
    this.#byPool.set(member.poolUid, siblings.set(member.name, member));
  }

  /**
   * Marks a member as terminating before its driver is asked to stop it, so that nothing else uses it meanwhile.
   * Returns false if it is already terminating, or gone.
   */
  reserve(name: string): boolean {
    const phase = this.get(name)?.phase;
    if (phase === undefined || phase === 'terminating') return false;
    this.#reserved.add(name);
    return true;
  }

  /** Undoes `reserve` once the driver has stopped the member or refused to: its reports apply again. */
  release(name: string): void {
    this.#reserved.delete(name);
  }

  remove(name: string): DriverMember | undefined {
    const member = this.#byName.get(name);
    if (member === undefined) return undefined;
    this.#reserved.delete(name);
    this.#byName.delete(name);
    const siblings = this.#byPool.get(member.poolUid);
    siblings?.delete(name);
    if (siblings?.size === 0) this.#byPool.delete(member.poolUid);
    return member;
  }

  list(pool: Pool): Promise<Member[]> {
    const revision = revisionOf(pool);
    const members = [...this.of(pool.uid)].sort((one, other) => (one.name < other.name ? -1 : 1));
    return Promise.resolve(members.map((member) => memberFromDriver(member, revision)));
  }

  #asReserved(member: DriverMember): DriverMember {
    return this.#reserved.has(member.name) ? { ...member, phase: 'terminating' } : member;
  }
}

const memberFromDriver = (member: DriverMember, currentRevision: string): Member => ({
  name: member.name,
  pool: member.poolName,
  phase: member.phase,
  allocated: false,
  revision: member.revision,
  stale: member.revision !== currentRevision,
  ...(member.address !== undefined && { address: member.address }),
  ...(member.node !== undefined && { node: member.node }),
  createdAt: rfc3339(member.createdAtMs),
  ...(member.readyAtMs !== undefined && { readyAt: rfc3339(member.readyAtMs) }),
  restarts: member.restarts,
  ...(member.message !== undefined && { message: member.message }),
});
