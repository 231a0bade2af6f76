// The rest of a lease as a bar and as a time.
import type { Claim } from '../../../../contract/claim.ts';
import { formatDuration } from '../../../ui/format.ts';
import { useNow } from '../../../ui/use-now.ts';
import { timeLeft } from './time-left.ts';

const WIDTH = 96;

export const TimeLeftBar = ({ claim }: { readonly claim: Claim }) => {
  const { ms, share, isSoon } = timeLeft(claim, useNow());
  return (
    <span className={isSoon ? 'left soon' : 'left'}>
      <svg width={WIDTH} height="8" aria-hidden="true">
        <rect className="l-track" width={WIDTH} height="8" />
        <rect className="l-fill" width={Math.round(WIDTH * share)} height="8" />
      </svg>
      <time dateTime={claim.expiresAt} title={new Date(claim.expiresAt).toString()}>
        {formatDuration(ms)}
      </time>
    </span>
  );
};
