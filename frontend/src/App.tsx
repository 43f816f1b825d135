import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Route, Switch, useLocation, useRoute } from 'wouter';
import { accessStore } from './api/access';
import { createQueryClient } from './api/queries';
import { Studio } from './features/studio/Studio';
import { askedAction, dispatchKey } from './lib/actions';
import { LiveProvider } from './live/LiveProvider';
import { TopBar } from './shell/TopBar';
import { lazyLater } from './ui/lazyLater';
import { Notice } from './ui/Notice';
import { ScreenBoundary } from './ui/ScreenBoundary';
import { Toaster } from './ui/Toaster';
import { useStore } from './ui/useStore';

const Gallery = lazy(() => import('./features/gallery/Gallery'));
const GalleryRun = lazy(() => import('./features/gallery/GalleryRun'));
const Leaderboard = lazy(() => import('./features/leaderboard/Leaderboard'));
const Batches = lazy(() => import('./features/batches/Batches'));
const Compare = lazy(() => import('./features/compare/Compare'));
const SignInScreen = lazyLater(() => import('./features/account/SignInScreen'));
const SessionEnded = lazyLater(() => import('./features/account/SessionEnded'));
const Shared = lazy(() => import('./features/shared/Shared'));
const Account = lazy(() => import('./features/account/Account'));
const QuestionDialog = lazyLater(() => import('./shell/QuestionDialog'));

export function App() {
  const [client] = useState(createQueryClient);
  const [path] = useLocation();
  const access = useStore(accessStore);
  const [shared, link] = useRoute('/shared/:token');
  useEffect(() => {
    window.addEventListener('keydown', dispatchKey);
    return () => window.removeEventListener('keydown', dispatchKey);
  }, []);
  return (
    <QueryClientProvider client={client}>
      <LiveProvider>
        <TopBar />
        <Suspense>{access === 'ended' && !shared && <SessionEnded />}</Suspense>
        <ScreenBoundary path={path}>
          <Suspense>
            {shared ? (
              <Shared key={link.token} token={link.token} />
            ) : access === 'out' ? (
              <SignInScreen />
            ) : (
              access !== 'asking' && <Screens />
            )}
          </Suspense>
        </ScreenBoundary>
        <Question />
        <Toaster />
      </LiveProvider>
    </QueryClientProvider>
  );
}

function Question() {
  const action = useStore(askedAction);
  return <Suspense>{action && <QuestionDialog action={action} />}</Suspense>;
}

function Screens() {
  const access = useStore(accessStore);
  return (
    <Switch>
      <Route path="/">
        <Studio />
      </Route>
      <Route path="/run/:jobId">{({ jobId }) => <Studio jobId={jobId} />}</Route>
      <Route path="/gallery">
        <Gallery />
      </Route>
      <Route path="/gallery/:target">{({ target }) => <GalleryRun target={target} />}</Route>
      <Route path="/leaderboard">
        <Leaderboard />
      </Route>
      <Route path="/batches/*?">
        <Batches />
      </Route>
      <Route path="/compare">
        <Compare />
      </Route>
      {access !== 'open' && (
        <Route path="/account/:part?">{({ part }) => <Account part={part} />}</Route>
      )}
      <Route>
        <main style={{ padding: '2rem' }}>
          <Notice icon="search" title="There is no such page">
            <a href="/">Go to the studio</a>
          </Notice>
        </main>
      </Route>
    </Switch>
  );
}
