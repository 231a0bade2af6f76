import { Link } from 'wouter';
import type { Member } from '../../../../contract/member.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import { poolPath } from '../../../pool/pool-paths.ts';
import { StateLabel } from '../../../pool/state-label.tsx';
import { Button } from '../../../ui/button.tsx';
import { Age } from '../../../ui/time.tsx';
import { PHASES, shownPhase } from './member-phase.ts';

type MemberRowProps = {
  readonly member: Member;
  readonly columns: number;
  readonly onEvict: (member: Member) => void;
};

/** A message has a line of its own below its member. */
export const MemberRow = ({ member, columns, onEvict }: MemberRowProps) => {
  const isStale = useIsStale();
  const { name, pool, phase, revision, stale, claimId, address, node, restarts, createdAt, message } = member;
  return (
    <>
      <tr className={message === undefined ? undefined : 'with-message'}>
        <td data-l="Member">
          <span className="mono">{name}</span>
        </td>
        <td data-l="Phase">
          <StateLabel {...PHASES[shownPhase(member)]} />
        </td>
        <td className="num" data-l="Age">
          <Age at={createdAt} detailed />
        </td>
        <td data-l="Revision">
          <span className="mono">{revision}</span> {stale && <span className="tag">stale</span>}
        </td>
        <td data-l="Claim">
          {claimId === undefined ? (
            <span className="t3">–</span>
          ) : (
            <Link className="link thin mono" href={`${poolPath(pool, 'claims')}?q=${claimId}`}>
              {claimId}
            </Link>
          )}
        </td>
        <td className="mono" data-l="Address">
          {address ?? <span className="t3">–</span>}
        </td>
        <td data-l="Node">{node ?? <span className="t3">–</span>}</td>
        <td className="num" data-l="Restarts">
          <span className={restarts === 0 ? 't3' : undefined}>{restarts}</span>
        </td>
        <td className="num act">
          {phase !== 'terminating' && (
            <Button
              kind="quiet"
              small
              disabled={isStale}
              aria-label={`Evict ${name}…`}
              onClick={() => {
                onEvict(member);
              }}
            >
              Evict…
            </Button>
          )}
        </td>
      </tr>
      {message !== undefined && (
        <tr className={`message ${phase}`}>
          <td colSpan={columns}>
            <span>{message}</span>
          </td>
        </tr>
      )}
    </>
  );
};
