import { lazy, Suspense, useEffect } from 'react';
import { useLocation } from 'wouter';
import type { Job } from '../../api/types';
import { RunsInProgress } from '../../live/RunsInProgress';
import { lazyLater } from '../../ui/lazyLater';
import { useSearchParam } from '../../ui/useSearchParam';
import { BEGUN } from './begun';
import { Composer } from './Composer';
import styles from './Studio.module.css';
import { Welcome } from './Welcome';

const Again = lazyLater(() => import('./Again'));
const loadRun = () => import('./Run');
const Run = lazy(loadRun);

/** The composer beside the run it started; `/?from=jobId` fills the composer from an earlier run. */
export function Studio({ jobId }: { jobId?: string }) {
  const [, navigate] = useLocation();
  const [source] = useSearchParam('from');
  const open = (job: Job) => {
    navigate(`/run/${job.jobId}`, { state: BEGUN });
    window.scrollTo(0, 0);
  };
  useEffect(fetchRunScreen, []);
  return (
    <div className={styles.studio}>
      <Composer onStarted={open} />
      <Suspense>{source && <Again source={source} />}</Suspense>
      <main className={styles.stage} id="stage" tabIndex={-1}>
        <RunsInProgress key={jobId ?? 'none'} except={jobId} />
        <Suspense>{jobId ? <Run key={jobId} jobId={jobId} /> : <Welcome />}</Suspense>
      </main>
    </div>
  );
}

/** The run's screen is fetched once the page rests, so that the first run opens at once. */
function fetchRunScreen() {
  const timer = setTimeout(() => loadRun().catch(() => undefined), 500);
  return () => clearTimeout(timer);
}
