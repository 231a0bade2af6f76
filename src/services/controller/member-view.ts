// What the controller knows of the members that exist: the driver's reports, and what it has just ordered itself.
import type { Member } from '../../contract/member.ts';
import { rfc3339 } from '../../lib/rfc3339.ts';
import { templateRevision } from '../planning/revision.ts';
import type { MemberReader } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { DriverMember } from './member-driver.ts';

export class MemberView implements MemberReader {
  readonly #byName = new Map<string, DriverMember>();
  readonly #byPool = new Map<string, Map<string, DriverMember>>();

  get(name: string): DriverMember | undefined {
    return this.#byName.get(name);
  }

  /** The members of a pool, in no particular order. */
  of(poolUid: string): DriverMember[] {
    return [...(this.#byPool.get(poolUid)?.values() ?? [])];
  }

  /** Uids of the pools that have members. */
  poolUids(): Iterable<string> {
    return this.#byPool.keys();
  }

  put(member: DriverMember): void {
    // A report that the driver made before it was told to stop the member may arrive after it.
    if (this.#byName.get(member.name)?.phase === 'terminating' && member.phase !== 'terminating') return;
    this.#byName.set(member.name, member);
    const siblings = this.#byPool.get(member.poolUid);
    if (siblings === undefined) this.#byPool.set(member.poolUid, new Map([[member.name, member]]));
    else siblings.set(member.name, member);
  }

  remove(name: string): DriverMember | undefined {
    const member = this.#byName.get(name);
    if (member === undefined) return undefined;
    this.#byName.delete(name);
    const siblings = this.#byPool.get(member.poolUid);
    siblings?.delete(name);
    if (siblings?.size === 0) this.#byPool.delete(member.poolUid);
    return member;
  }

  list(pool: Pool): Promise<Member[]> {
    const revision = templateRevision(pool.specification.template);
    const members = this.of(pool.uid).sort((one, other) => (one.name < other.name ? -1 : 1));
    return Promise.resolve(members.map((member) => toMember(member, revision)));
  }
}

const toMember = (member: DriverMember, currentRevision: string): Member => ({
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
