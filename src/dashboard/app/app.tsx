// The providers, and which page is shown: the sign-in for who may not read yet, otherwise the page of the URL.
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { Router } from 'wouter';
import { queryClient } from '../api/client.ts';
import { startLivePools, stopLivePools } from '../api/live-pools.ts';
import { session } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { UI_BASE } from '../api/urls.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { IconSprite } from '../ui/icon-sprite.tsx';
import { Panel } from '../ui/panel.tsx';
import { Routes } from './routes.tsx';
import { Shell } from './shell.tsx';
import { STYLE_NONCE } from '../ui/style-nonce.ts';
import { resolver, theme } from './theme.ts';
import { useSession } from '../api/use-session.ts';

const SignInPage = lazy(async () => ({ default: (await import('../pages/sign-in/sign-in-page.tsx')).SignInPage }));

export const App = () => (
  <MantineProvider
    theme={theme}
    cssVariablesResolver={resolver}
    defaultColorScheme="auto"
    getStyleNonce={() => STYLE_NONCE}
  >
    <QueryClientProvider client={queryClient}>
      <Router base={UI_BASE}>
        <IconSprite />
        <Content />
      </Router>
    </QueryClientProvider>
  </MantineProvider>
);

const Content = () => {
  const { error, retry } = useSession();
  const access = useStore(session, (value) => value?.access);
  const mayRead = access === 'open' || access === 'signed-in';
  useEffect(() => {
    if (!mayRead) return undefined;
    startLivePools();
    return stopLivePools;
  }, [mayRead]);

  if (error !== undefined && access === undefined)
    return (
      <main className="page">
        <ErrorNotice
          title="The server did not respond. Check that it is running and reachable, then try again."
          error={error}
          retry={retry}
        />
      </main>
    );
  if (access === undefined) return null;
  if (!mayRead)
    return (
      <Suspense fallback={null}>
        <SignInPage />
      </Suspense>
    );
  return (
    <Shell>
      <Panel name="this page">
        <Routes />
      </Panel>
    </Shell>
  );
};
