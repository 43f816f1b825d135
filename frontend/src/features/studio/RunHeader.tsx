import { Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import { accessStore } from '../../api/access';
import { isHidden } from '../../api/named';
import { useModels } from '../../api/queries';
import type { Job } from '../../api/types';
import type { Action } from '../../lib/actions';
import { plural } from '../../lib/format';
import { useConnection } from '../../live/useConnection';
import { RunToolbar, type Tool } from '../../pictures/RunToolbar';
import { isPicture } from '../../pictures/select';
import { settingsOf } from '../../pictures/settings';
import { lazyLater } from '../../ui/lazyLater';
import { PromptTitle } from '../../ui/PromptTitle';
import { useStore } from '../../ui/useStore';
import { Elapsed } from './Elapsed';
import { spent } from './estimate';
import { useRunActions } from './gridActions';
import styles from './RunHeader.module.css';
import type { Picks } from './usePicks';

const ShareDialog = lazyLater(() => import('./ShareDialog'));

/** The run as a whole: its prompt, how far it is, what it cost, what can be done with it. */
export function RunHeader({ job, picks }: { job: Job; picks: Picks }) {
  const cancelled = job.results.filter(({ status }) => status === 'cancelled').length;
  const money = spent(job.results);
  const ranges = useModels().data?.parameters;
  const offline = useConnection() === 'offline' && !job.completedAt;
  return (
    <header className={styles.header}>
      <PromptTitle prompt={job.prompt} />
      <div className={styles.line}>
        <p className={styles.facts}>
          <span>
            {isHidden(job) && !job.completedAt ? '' : `${job.completedModels} of `}
            {plural(job.totalModels, 'picture')}
          </span>
          {job.blind && <span>blind</span>}
          {!offline && <Elapsed since={job.createdAt} until={job.completedAt} />}
          {money && <span>{money}</span>}
          {job.simulated && <span className={styles.simulated}>simulated</span>}
          {job.failedModels > 0 && <span className={styles.failed}>{job.failedModels} failed</span>}
          {cancelled > 0 && <span>{cancelled} cancelled</span>}
        </p>
        <RunTools job={job} picks={picks} />
      </div>
      <p className={styles.settings}>{settingsOf(job.parameters, ranges).join(' · ')}</p>
      <ol className={styles.progress} aria-hidden="true">
        {job.results.map(({ index, status }) => (
          <li key={index} data-status={status} />
        ))}
      </ol>
    </header>
  );
}

function RunTools({ job, picks }: { job: Job; picks: Picks }) {
  const { cancel, retry } = useRunActions(job);
  const [, navigate] = useLocation();
  const [sharing, setSharing] = useState(false);
  const share: Action = {
    id: 'share',
    label: 'Share',
    group: 'Run',
    // Only somebody can share: where nobody signs in, everybody sees everything.
    enabled: useStore(accessStore) === 'in',
    run: () => setSharing(true),
  };
  const batch: Action = {
    id: 'batch',
    label: 'Use in a batch',
    group: 'Run',
    enabled: useModels().data?.limits.batches === true && !isHidden(job),
    run: () => navigate(`/batches/new?run=${job.jobId}`),
  };
  const own: Tool[] = [
    { action: cancel, icon: 'cancel' },
    { action: retry, icon: 'retry' },
    { action: share, icon: 'link' },
    { action: batch, icon: 'braces', bare: true },
  ];
  return (
    <>
      <RunToolbar
        run={job}
        pictures={job.results.filter(isPicture)}
        picked={picks.slots}
        studio={`/run/${job.jobId}`}
        own={own.filter(({ action }) => action.enabled)}
      />
      <Suspense>
        {sharing && <ShareDialog jobId={job.jobId} onClose={() => setSharing(false)} />}
      </Suspense>
    </>
  );
}
