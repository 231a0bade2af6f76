// The action of an advice: it leads to the place where it is taken, and proposes what to change there.
import { Link } from 'wouter';
import { poolPath, type Tab } from './pool-paths.ts';
import { proposeCapacity } from './proposal.ts';
import type { AdviceLink } from './what-to-do.ts';

type AdviceActionProps = {
  readonly link: AdviceLink;
  /** Name of the pool. */
  readonly pool: string;
  readonly className: string;
  /** Its accessible name, where the word alone does not say which pool it is about. */
  readonly label?: string;
};

const TABS: Readonly<Record<AdviceLink['kind'], Tab | undefined>> = {
  raisePoolMax: undefined,
  oldestClaims: 'claims',
  editTemplate: 'yaml',
};

export const AdviceAction = ({ link, pool, className, label }: AdviceActionProps) => (
  <Link
    href={poolPath(pool, TABS[link.kind])}
    className={className}
    aria-label={label}
    onClick={() => {
      if (link.kind === 'raisePoolMax') proposeCapacity({ name: pool, bound: 'poolMax', value: link.to });
    }}
  >
    {link.word}
  </Link>
);
