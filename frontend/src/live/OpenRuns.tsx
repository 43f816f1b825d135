import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../api/client';
import { plural } from '../lib/format';
import { Spinner } from '../ui/Spinner';
import { useStore } from '../ui/useStore';
import { isOpen } from './merge';
import styles from './OpenRuns.module.css';
import { forgetRun, type OpenRun, openRunsStore } from './openRuns';
import { useRun } from './useRun';

/** The runs in progress, each with the way to it; those that end meanwhile stay until one leaves. */
export default function OpenRuns({ except }: { except?: string | undefined }) {
  const open = useStore(openRunsStore);
  const [seen, setSeen] = useState(open);
  useEffect(
    () =>
      setSeen((before) => [
        ...open.filter(({ jobId }) => !before.some((run) => run.jobId === jobId)),
        ...before,
      ]),
    [open],
  );
  const shown = seen.filter(({ jobId }) => jobId !== except);
  if (shown.length === 0) return null;
  return (
    <nav className={styles.runs} aria-label="Runs in progress">
      <ul>
        {shown.map((run) => (
          <Line key={run.jobId} run={run} />
        ))}
      </ul>
    </nav>
  );
}

function Line({ run: { jobId, prompt } }: { run: OpenRun }) {
  const { data, error } = useRun(jobId);
  const gone = error instanceof ApiError && error.status === 404;
  useEffect(() => {
    if (gone) forgetRun(jobId);
  }, [gone, jobId]);
  if (gone) return null;
  const running = !data || isOpen(data);
  return (
    <li>
      <Link href={`/run/${jobId}`}>
        {running && <Spinner size={16} />}
        <span className={styles.prompt} dir="auto">
          {prompt}
        </span>
        <span className={styles.state}>
          {data && `${data.completedModels} of ${plural(data.totalModels, 'picture')}`}
          {!running && ', ended'}
        </span>
      </Link>
    </li>
  );
}
