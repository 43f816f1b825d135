import { useEffect, useState } from 'react';
import { ApiError } from '../../api/client';
import { useRetention } from '../../api/queries';
import type { Job } from '../../api/types';
import { isOpen } from '../../live/merge';
import { lastRunStore } from '../../live/openRuns';
import { Unreachable } from '../../live/Unreachable';
import { useRun } from '../../live/useRun';
import { LightboxFromUrl } from '../../pictures/LightboxFromUrl';
import { isPicture } from '../../pictures/select';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import { Announcer } from './Announcer';
import { Card } from './Card';
import { useGridActions } from './gridActions';
import styles from './Run.module.css';
import { RunHeader } from './RunHeader';
import { usePicks } from './usePicks';
import { useProgressBadge } from './useProgressBadge';
import { useSettledBudget } from './useSettledBudget';

/** A run by its id: from the first pending card to the last picture, and any time later. */
export default function Run({ jobId }: { jobId: string }) {
  const { data, error, failureCount } = useRun(jobId);
  if (data) return <LoadedRun job={data} />;
  if (error instanceof ApiError && error.status === 404) return <UnknownRun />;
  if (error || failureCount > 0) {
    return (
      <Notice title="The server does not answer" tone="bad">
        <p>{error?.message ?? 'This run is shown as soon as it does.'}</p>
      </Notice>
    );
  }
  return (
    <p className={styles.loading}>
      <Spinner size={32} />
      <span className="visually-hidden">Loading the run</span>
    </p>
  );
}

function UnknownRun() {
  const kept = useRetention();
  return (
    <Notice title="There is no such run" icon="search">
      <p>
        {kept
          ? `Its address may be mistyped, or it is older than ${kept} and has expired.`
          : 'Its address may be mistyped, or it has expired.'}
      </p>
    </Notice>
  );
}

function LoadedRun({ job }: { job: Job }) {
  const picks = usePicks();
  const [current, setCurrent] = useState(job.results[0]?.index ?? 0);
  const actions = useGridActions({ job, picks, current });
  useProgressBadge(job);
  useEffect(() => lastRunStore.set(job.jobId), [job.jobId]);
  useSettledBudget(isOpen(job));
  return (
    <>
      <RunHeader job={job} picks={picks} />
      <Announcer job={job} />
      <Unreachable>
        {isOpen(job)
          ? 'The models go on drawing. What has come since is shown as soon as the server answers.'
          : 'What is shown here stays; pictures that are not loaded yet follow later.'}
      </Unreachable>
      {job.status === 'failed' && (
        <Notice title="No model could draw this" tone="bad">
          <p>Each card says why. Often another wording helps, or other models.</p>
        </Notice>
      )}
      <ul className={styles.grid} aria-label="Pictures">
        {job.results.map((result) => (
          <Card
            key={result.index}
            job={job}
            result={result}
            picked={picks.slots.includes(result.index)}
            actions={actions(result)}
            onFocus={() => setCurrent(result.index)}
          />
        ))}
      </ul>
      <LightboxFromUrl run={job} pictures={job.results.filter(isPicture)} />
    </>
  );
}
