// The list of routers: a new resource adds one line. Clients use its type only.
import { poolsRouter } from './pools.ts';
import { router } from './trpc.ts';

export const appRouter = router({ pools: poolsRouter });

export type AppRouter = typeof appRouter;
