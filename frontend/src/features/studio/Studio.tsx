import { useEffect } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { getJob } from '../../api/client';
import { Composer } from './Composer';
import { draftStore, fromJob } from './draft';
import { Run } from './Run';
import styles from './Studio.module.css';
import { Welcome } from './Welcome';

/** The composer beside the run it started; `/?from=jobId` fills the composer from an earlier run. */
export function Studio({ jobId }: { jobId?: string }) {
  const [, navigate] = useLocation();
  useDraftFromRun();
  return (
    <div className={styles.studio}>
      <Composer onStarted={(job) => navigate(`/run/${job.jobId}`)} />
      <main className={styles.stage} id="stage">
        {jobId ? <Run key={jobId} jobId={jobId} /> : <Welcome />}
      </main>
    </div>
  );
}

function useDraftFromRun() {
  const [search, setSearch] = useSearchParams();
  const source = search.get('from');
  useEffect(() => {
    if (!source) return;
    const aborter = new AbortController();
    getJob(source, aborter.signal)
      .then((job) => draftStore.set(fromJob(job)))
      .catch(() => undefined)
      .finally(() => aborter.signal.aborted || setSearch({}, { replace: true }));
    return () => aborter.abort();
  }, [source, setSearch]);
}
