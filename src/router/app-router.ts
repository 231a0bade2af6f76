// The whole router. Clients need nothing but its type.
import { poolsRouter } from './pools.ts';
import { router } from './trpc.ts';

export const appRouter = router({ pools: poolsRouter });

export type AppRouter = typeof appRouter;
