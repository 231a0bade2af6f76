// There is no such pool, or no longer.
import { Link } from 'wouter';

type MissingPoolProps = {
  readonly name: string;
  /** It existed while the page was open. */
  readonly isDeleted: boolean;
};

export const MissingPool = ({ name, isDeleted }: MissingPoolProps) => (
  <main className="page pool">
    <div className="pool-head" role="status">
      <h1>{isDeleted ? `${name} was deleted` : `There is no pool named ${name}`}</h1>
      <p className="sentence gone">
        {isDeleted
          ? 'Its members are being stopped. If it is created again under this name, it appears here.'
          : 'It may have been deleted, or the name may be mistyped. If it is created, it appears here.'}
      </p>
      <p className="next">
        <Link href="/" className="link">
          All pools
        </Link>
        <Link href="/create" className="link">
          Create pool
        </Link>
      </p>
    </div>
  </main>
);
