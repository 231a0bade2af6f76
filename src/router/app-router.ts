// The list of routers: a new resource adds one line. Clients use its type only.
import { claimsRouter } from './claims.ts';
import { membersRouter } from './members.ts';
import { poolsRouter } from './pools.ts';
import { router } from './trpc.ts';

export const appRouter = router({ pools: poolsRouter, claims: claimsRouter, members: membersRouter });

export type AppRouter = typeof appRouter;
