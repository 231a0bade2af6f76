// The places of the title, the filters and the rows, until the pools are there.
import { Skeleton } from '../../ui/skeleton.tsx';
import { Head } from './head.tsx';
import { LoadingCells } from './pool-row.tsx';
import { TableHead } from './table-head.tsx';
import { Tools } from './tools.tsx';
import { useView } from './use-view.ts';

const ROWS = 8;
const NO_POOLS = new Map<string, never>();

export const LoadingPools = () => {
  const [view, change] = useView();
  return (
    <main className="page" aria-busy="true">
      <Head title={<Skeleton width={280} height={16} />} />
      <Tools view={view} change={change} counts={undefined} pools={NO_POOLS} />
      <table className="table pools" aria-label="Pools">
        <TableHead sort={view.sort} isReversed={view.isReversed} change={change} />
        <tbody>
          {Array.from({ length: ROWS }, (_, index) => (
            <tr key={index}>
              <td className="c-name">
                <Skeleton width={72 + ((index * 37) % 80)} height={8} />
              </td>
              <td className="c-state">
                <Skeleton width={64} height={8} />
              </td>
              <td className="c-cap">
                <Skeleton width={160} height={8} />
              </td>
              <LoadingCells />
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
};
