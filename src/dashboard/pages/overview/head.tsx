// The title of the page, how old its values are, and the one primary action.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { livePools } from '../../api/live-pools.ts';
import { useStore } from '../../api/store.ts';
import { formatClock } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useCreatePath } from '../../pool/create-path.ts';

export const Head = ({ title }: { readonly title: ReactNode }) => (
  <div className="head">
    <h1>{title}</h1>
    <AsOf />
    <span className="grow" />
    <Link href={useCreatePath()} className="btn primary">
      <Icon name="plus" />
      Create pool
    </Link>
  </div>
);

/** How old the values are, once the connection is lost. */
const AsOf = () => {
  const connection = useStore(livePools, (live) => live.connection);
  if (connection.state !== 'lost') return null;
  return (
    <span className="asof">
      as of <time>{formatClock(connection.sinceMs)}</time>
    </span>
  );
};
