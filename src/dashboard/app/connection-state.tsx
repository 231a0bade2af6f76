// Whether values are live: always visible, in one place.
import { startLivePools } from '../api/live-pools.ts';
import { Button } from '../ui/button.tsx';
import { formatClock } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useConnection } from '../api/use-connection.ts';

export const ConnectionState = () => {
  const connection = useConnection();
  if (connection.state !== 'lost')
    return (
      <span className="live" role="status">
        <Icon name={connection.state === 'live' ? 'live' : 'waiting'} />
        {connection.state === 'live' ? 'Live' : 'Connecting'}
      </span>
    );
  return (
    <>
      <span className="live lost" role="status" title={connection.error}>
        <Icon name="lost" />
        <span>
          <b>Connection lost.</b> Values are as of <time>{formatClock(connection.sinceMs)}</time>. Trying again.
        </span>
      </span>
      <Button small icon="retry" onClick={startLivePools}>
        Try now
      </Button>
    </>
  );
};
