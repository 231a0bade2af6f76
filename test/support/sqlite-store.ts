// The SQLite pool store on its own: no claims, or as many as a test says.
import type { Clock } from '../../src/lib/clock.ts';
import type { Database } from '../../src/services/local/sqlite/database.ts';
import { GroupCommit } from '../../src/services/local/sqlite/group-commit.ts';
import { SqlitePoolStore } from '../../src/services/local/sqlite/sqlite-pool-store.ts';
import type { WriteObserver } from '../../src/services/pools/observe-write.ts';

export const sqliteStore = (
  database: Database,
  clock: Clock,
  { observer, heldCount = 0 }: { observer?: WriteObserver; heldCount?: number } = {},
): SqlitePoolStore =>
  new SqlitePoolStore({
    database,
    commits: new GroupCommit(database),
    clock,
    claims: { heldCount: () => heldCount, endAll: () => () => undefined },
    ...(observer && { observer }),
  });
