import { lazy, Suspense, useEffect } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { getJob } from '../../api/client';
import { useModels } from '../../api/queries';
import type { Job } from '../../api/types';
import { Composer } from './Composer';
import { draftStore, fromJob } from './draft';
import styles from './Studio.module.css';
import { Welcome } from './Welcome';

const loadRun = () => import('./Run');
const Run = lazy(loadRun);

/** The composer beside the run it started; `/?from=jobId` fills the composer from an earlier run. */
export function Studio({ jobId }: { jobId?: string }) {
  const [, navigate] = useLocation();
  const open = (job: Job) => {
    navigate(`/run/${job.jobId}`);
    window.scrollTo(0, 0);
  };
  useDraftFromRun();
  useEffect(fetchRunScreen, []);
  return (
    <div className={styles.studio}>
      <Composer onStarted={open} />
      <main className={styles.stage} id="stage">
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

function useDraftFromRun() {
  const [search, setSearch] = useSearchParams();
  const source = search.get('from');
  const ranges = useModels().data?.parameters;
  useEffect(() => {
    if (!source || !ranges) return;
    const aborter = new AbortController();
    getJob(source, aborter.signal)
      .then((job) => draftStore.set(fromJob(job, ranges)))
      .catch(() => undefined)
      .finally(() => aborter.signal.aborted || setSearch({}, { replace: true }));
    return () => aborter.abort();
  }, [source, ranges, setSearch]);
}
