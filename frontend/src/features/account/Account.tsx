import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import { Notice } from '../../ui/Notice';
import styles from './Account.module.css';
import Profile from './Profile';
import { useSession } from './useSession';

const Runs = lazy(() => import('./Runs'));
const Keys = lazy(() => import('./Keys'));
const People = lazy(() => import('./People'));
const Spend = lazy(() => import('./Spend'));
const Models = lazy(() => import('./Models'));

const PARTS = [
  { path: '', label: 'Account', Part: Profile, admin: false },
  { path: 'runs', label: 'Runs', Part: Runs, admin: false },
  { path: 'keys', label: 'Keys', Part: Keys, admin: false },
  { path: 'people', label: 'People', Part: People, admin: true },
  { path: 'models', label: 'Models', Part: Models, admin: true },
  { path: 'spend', label: 'Spend', Part: Spend, admin: true },
];

/** Somebody's own account, and for administrators what is everybody's. */
export default function Account({ part = '' }: { part?: string | undefined }) {
  const { person } = useSession();
  const mine = PARTS.filter(({ admin }) => !admin || person?.isAdmin);
  const shown = mine.find(({ path }) => path === part);
  return (
    <main className={styles.account} id="stage">
      <nav className={styles.nav} aria-label="Account">
        {mine.map(({ path, label }) => (
          <Link
            key={path}
            href={path ? `/account/${path}` : '/account'}
            aria-current={path === part ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Suspense>
        {shown ? <shown.Part /> : <Notice icon="search" title="There is no such page" />}
      </Suspense>
    </main>
  );
}
