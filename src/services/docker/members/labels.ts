// Labels that say whose a container or volume is: everything is found by them after a restart.
import type { MemberRecord } from './member-record.ts';

const PREFIX = 'warmpool.dev/';

export const LABELS = {
  /** Id of the data directory: what belongs to another one is never touched. */
  instance: `${PREFIX}instance`,
  poolUid: `${PREFIX}pool-uid`,
  pool: `${PREFIX}pool`,
  member: `${PREFIX}member`,
  revision: `${PREFIX}revision`,
  /** Name of the container, or of the volume, in the template. */
  name: `${PREFIX}name`,
  role: `${PREFIX}role`,
  /** Number of the member's launch: containers of earlier launches are replaced. */
  launch: `${PREFIX}launch`,
} as const;

/** `main` has the member's name and network, `joined` shares its network, `init` runs before both. */
export type Role = 'main' | 'joined' | 'init' | 'volume';

export const memberLabels = (
  instance: string,
  { order, launch }: MemberRecord,
  { name, role }: { readonly name: string; readonly role: Role },
): Record<string, string> => ({
  [LABELS.instance]: instance,
  [LABELS.poolUid]: order.poolUid,
  [LABELS.pool]: order.poolName,
  [LABELS.member]: order.name,
  [LABELS.revision]: order.revision,
  [LABELS.name]: name,
  [LABELS.role]: role,
  [LABELS.launch]: String(launch),
});

/** A filter of the Engine API for what has all these labels. */
export const withLabels = (labels: Readonly<Record<string, string>>): { label: string[] } => ({
  label: Object.entries(labels).map(([name, value]) => `${name}=${value}`),
});

/** Whether the removal of the container with these labels is the end of the member, even if it has failed before. */
export const isEndOf = ({ stage, launch }: MemberRecord, labels: Readonly<Record<string, string>>): boolean =>
  (stage === 'running' || stage === 'failed') &&
  labels[LABELS.role] === 'main' &&
  labels[LABELS.launch] === String(launch);
