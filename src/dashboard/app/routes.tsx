// The pages. All but the overview are loaded when they are first opened.
import { lazy, Suspense } from 'react';
import { Link, Redirect, Route, Switch } from 'wouter';
import { OverviewPage } from '../pages/overview/overview-page.tsx';

const PoolPage = lazy(async () => ({ default: (await import('../pages/pool/pool-page.tsx')).PoolPage }));
const CreateDialog = lazy(async () => ({ default: (await import('../pages/create/create-dialog.tsx')).CreateDialog }));

export const Routes = () => (
  <Suspense fallback={null}>
    <Switch>
      <Route path="/">
        <OverviewPage />
      </Route>
      <Route path="/create">
        <OverviewPage />
        <CreateDialog />
      </Route>
      <Route path="/sign-in">
        <Redirect to="/" replace />
      </Route>
      <Route path="/pools/:name/:tab?">{({ name, tab }) => <PoolPage key={name} name={name} tab={tab} />}</Route>
      <Route>
        <main className="page">
          <div className="head">
            <h1>There is no such page</h1>
          </div>
          <p>
            <Link href="/" className="link">
              All pools
            </Link>
          </p>
        </main>
      </Route>
    </Switch>
  </Suspense>
);
