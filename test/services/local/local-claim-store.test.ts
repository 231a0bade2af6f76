import type { Database } from '../../../src/services/local/sqlite/database.ts';
import { describeClaimStore } from '../claims/claim-store.contract.ts';
import { startRuntime } from '../../support/local-runtime.ts';

describeClaimStore(async () => {
  const databases: Database[] = [];
  const { ports, clock, advance } = await startRuntime({
    wrap: (_, { database }) => {
      databases.push(database);
      return {};
    },
  });
  const setReadOnly = (isReadOnly: boolean) => {
    for (const database of databases) database.exec(`PRAGMA query_only = ${isReadOnly ? 'ON' : 'OFF'}`);
  };
  return {
    ...ports,
    now: () => clock.now(),
    advance,
    failWrites: async () => {
      setReadOnly(true);
      return async () => {
        setReadOnly(false);
      };
    },
  };
});
