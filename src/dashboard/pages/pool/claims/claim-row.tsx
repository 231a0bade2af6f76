import type { Claim, ClaimState } from '../../../../contract/claim.ts';
import { useIsStale } from '../../../api/use-connection.ts';
import type { Tone } from '../../../ui/tone.ts';
import { StateLabel } from '../../../pool/state-label.tsx';
import { Button } from '../../../ui/button.tsx';
import type { IconName } from '../../../ui/icon-name.ts';
import { Age, ShortTime } from '../../../ui/time.tsx';
import { TimeLeftBar } from './time-left-bar.tsx';

const STATES = {
  bound: { word: 'Bound', icon: 'allocated', tone: 'plain' },
  released: { word: 'Released', icon: 'settled', tone: 'none' },
  expired: { word: 'Expired', icon: 'waiting', tone: 'none' },
  lost: { word: 'Lost', icon: 'failed', tone: 'bad' },
} as const satisfies Record<ClaimState, { word: string; icon: IconName; tone: Tone }>;

type ClaimRowProps = {
  readonly claim: Claim;
  readonly onRenew: (claim: Claim) => void;
  readonly onRelease: (claim: Claim) => void;
};

export const ClaimRow = ({ claim, onRenew, onRelease }: ClaimRowProps) => {
  const { id, state, labels = {}, member, launch, createdAt, endedAt, reason } = claim;
  return (
    <tr>
      <td data-l="Claim">
        <span className="mono">{id}</span>
      </td>
      <td data-l="State">
        <StateLabel {...STATES[state]} />
      </td>
      <td data-l="Holder">
        <span className="tags">
          {Object.entries(labels).map(([key, value]) => (
            <span key={key} className="tag">
              {key}={value}
            </span>
          ))}
        </span>
      </td>
      <td data-l="Member">
        <span className="mono">{member.name}</span>
      </td>
      <td data-l="Launch">{launch}</td>
      <td className="num" data-l="Age">
        <Age at={createdAt} detailed />
      </td>
      <td data-l="Time left">
        {state === 'bound' ? (
          <TimeLeftBar claim={claim} />
        ) : (
          <span className="t2">
            {reason === undefined ? 'ended' : `${reason},`} {endedAt !== undefined && <ShortTime at={endedAt} />}
          </span>
        )}
      </td>
      <td className="num act">
        {state === 'bound' && <Actions claim={claim} onRenew={onRenew} onRelease={onRelease} />}
      </td>
    </tr>
  );
};

const Actions = ({ claim, onRenew, onRelease }: ClaimRowProps) => {
  const isStale = useIsStale();
  const actions = [
    ['Renew…', onRenew],
    ['Release…', onRelease],
  ] as const;
  return actions.map(([word, act]) => (
    <Button
      key={word}
      kind="quiet"
      small
      disabled={isStale}
      aria-label={`${word} ${claim.id}`}
      onClick={() => {
        act(claim);
      }}
    >
      {word}
    </Button>
  ));
};
