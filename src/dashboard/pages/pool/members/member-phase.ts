// The phase of a member as the dashboard shows it: one that is held is "Allocated", whatever else it is.
import type { Member, MemberPhase } from '../../../../contract/member.ts';
import type { Tone } from '../../../ui/tone.ts';
import type { IconName } from '../../../ui/icon-name.ts';

export type ShownPhase = MemberPhase | 'allocated';

export const PHASES = {
  failed: { word: 'Failed', icon: 'failed', tone: 'bad' },
  starting: { word: 'Starting', icon: 'starting', tone: 'busy' },
  ready: { word: 'Ready', icon: 'ready', tone: 'ok' },
  allocated: { word: 'Allocated', icon: 'allocated', tone: 'plain' },
  terminating: { word: 'Terminating', icon: 'terminating', tone: 'none' },
} as const satisfies Record<ShownPhase, { word: string; icon: IconName; tone: Tone }>;

const ORDER = Object.keys(PHASES);

export const shownPhase = ({ allocated, phase }: Member): ShownPhase =>
  allocated && phase !== 'terminating' ? 'allocated' : phase;

/** What needs somebody first, then the youngest. */
export const byPhase = (one: Member, other: Member): number =>
  ORDER.indexOf(shownPhase(one)) - ORDER.indexOf(shownPhase(other)) || other.createdAt.localeCompare(one.createdAt);
