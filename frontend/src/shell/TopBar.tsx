import { Suspense, useState } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import { accessStore } from '../api/access';
import { useModels } from '../api/queries';
import type { Action } from '../lib/actions';
import { lastRunStore, openRunsStore } from '../live/openRuns';
import { ActionButton } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { lazyLater } from '../ui/lazyLater';
import { Logo } from '../ui/Spinner';
import { useActions } from '../ui/useActions';
import { useStore } from '../ui/useStore';
import { ConnectionChip } from './ConnectionChip';
import { SimulatedBadge } from './SimulatedBadge';
import styles from './TopBar.module.css';
import { toggleTheme } from './theme';

const HelpDialog = lazyLater(() => import('./HelpDialog'));

const THEME: Action = {
  id: 'theme',
  label: 'Light or dark',
  group: 'Page',
  keys: 'T',
  run: toggleTheme,
};

/** From a field to what it is about: the card that keys mean, or else the screen. */
const LEAVE_FIELD: Action = {
  id: 'leave-field',
  label: 'Leave the field',
  group: 'Page',
  keys: 'Escape',
  within: 'input, textarea, select',
  run: () => (find('[data-current]') ?? find('#stage'))?.focus({ preventScroll: true }),
};

const find = (selector: string) => document.querySelector<HTMLElement>(selector);

/** Where the studio was left: at its last run, or else at the latest one in progress. */
function useStudioAddress(): string {
  const [onRun] = useRoute('/run/:jobId');
  const last = useStore(lastRunStore);
  const [open] = useStore(openRunsStore);
  const jobId = last ?? open?.jobId;
  return jobId && !onRun ? `/run/${jobId}` : '/';
}

/** The page's frame: where one is, how news arrives, help. */
export function TopBar() {
  const [helping, setHelping] = useState(false);
  const [, navigate] = useLocation();
  const [inGallery] = useRoute('/gallery/*?');
  const [inBatches] = useRoute('/batches/*?');
  const [inAccount] = useRoute('/account/*?');
  const [onShared] = useRoute('/shared/*');
  const studio = useStudioAddress();
  const access = useStore(accessStore);
  const batches = useModels().data?.limits.batches;
  const help: Action = {
    id: 'help',
    label: 'Help and shortcuts',
    group: 'Page',
    keys: '?',
    run: () => setHelping(true),
  };
  useActions([
    THEME,
    help,
    LEAVE_FIELD,
    { id: 'studio', label: 'Studio', group: 'Page', keys: 'N', run: () => navigate(studio) },
    { id: 'gallery', label: 'Gallery', group: 'Page', keys: 'G', run: () => navigate('/gallery') },
  ]);
  return (
    <>
      <header className={styles.bar}>
        <a className={styles.skip} href="#stage">
          Skip to the pictures
        </a>
        <Link href="/" className={styles.name}>
          <Logo />
          <span>Pixel Prompt</span>
        </Link>
        <nav className={styles.nav} aria-label="Screens" hidden={access === 'out'}>
          <Link
            href={studio}
            aria-current={inGallery || inBatches || inAccount || onShared ? undefined : 'page'}
          >
            Studio
          </Link>
          <Link href="/gallery" aria-current={inGallery ? 'page' : undefined}>
            Gallery
          </Link>
          {batches && (
            <Link href="/batches" aria-current={inBatches ? 'page' : undefined}>
              Batches
            </Link>
          )}
        </nav>
        <div className={styles.state}>
          {access !== 'out' && <ConnectionChip />}
          <SimulatedBadge />
          <ActionButton action={THEME} icon="moon" bare className={styles.theme} />
          <ActionButton action={help} icon="help" bare className={styles.help} />
          {(access === 'in' || access === 'ended') && (
            <Link
              href="/account"
              className={styles.account}
              title="Account"
              aria-label="Account"
              aria-current={inAccount ? 'page' : undefined}
            >
              <Icon name="person" />
            </Link>
          )}
        </div>
      </header>
      <Suspense>{helping && <HelpDialog onClose={() => setHelping(false)} />}</Suspense>
    </>
  );
}
