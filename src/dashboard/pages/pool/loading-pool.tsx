// Keeps the places of a pool's page until the first state is known.
import { Skeleton } from '../../ui/skeleton.tsx';

export const LoadingPool = ({ name }: { readonly name: string }) => (
  <main className="page pool" aria-busy="true">
    <div className="pool-head">
      <div className="who">
        <h1>{name}</h1>
        <Skeleton width={96} />
      </div>
      <div className="answer">
        <div className="sentence-place">
          <Skeleton width="84%" height={14} />
        </div>
        <div className="gauge-place">
          <Skeleton width="100%" height={24} />
        </div>
      </div>
    </div>
    <div className="tabs-row" />
  </main>
);
