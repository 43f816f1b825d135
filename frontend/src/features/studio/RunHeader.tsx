import { useLocation } from 'wouter';
import type { Job } from '../../api/types';
import type { Action } from '../../lib/actions';
import { copyText } from '../../lib/clipboard';
import { plural } from '../../lib/format';
import { useConnection } from '../../live/useConnection';
import { saveZip } from '../../pictures/saveZip';
import { isPicture } from '../../pictures/select';
import { ActionButton } from '../../ui/Button';
import { PromptTitle } from '../../ui/PromptTitle';
import { showToast } from '../../ui/toast';
import { useActions } from '../../ui/useActions';
import { Elapsed } from './Elapsed';
import { spent } from './estimate';
import { useRunActions } from './gridActions';
import styles from './RunHeader.module.css';
import type { Picks } from './usePicks';

/** The run as a whole: its prompt, how far it is, what it cost, what can be done with it. */
export function RunHeader({ job, picks }: { job: Job; picks: Picks }) {
  const cancelled = job.results.filter(({ status }) => status === 'cancelled').length;
  const money = spent(job.results);
  const offline = useConnection() === 'offline' && !job.completedAt;
  return (
    <header className={styles.header}>
      <PromptTitle prompt={job.prompt} />
      <div className={styles.line}>
        <p className={styles.facts}>
          <span>
            {job.completedModels} of {plural(job.totalModels, 'picture')}
          </span>
          {!offline && <Elapsed since={job.createdAt} until={job.completedAt} />}
          {money && <span>{money}</span>}
          {job.simulated && <span className={styles.simulated}>simulated</span>}
          {job.failedModels > 0 && <span className={styles.failed}>{job.failedModels} failed</span>}
          {cancelled > 0 && <span>{cancelled} cancelled</span>}
        </p>
        <RunTools job={job} picks={picks} />
      </div>
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
  const view = useViewActions(job, picks);
  useActions([cancel, retry, view.compare, view.zip, view.link]);
  return (
    <div className={styles.tools}>
      {cancel.enabled && <ActionButton action={cancel} icon="cancel" look="outline" />}
      {retry.enabled && <ActionButton action={retry} icon="retry" look="outline" />}
      <ActionButton action={view.compare} icon="compare" look="outline" />
      <ActionButton action={view.zip} icon="download" bare />
      <ActionButton action={view.link} icon="link" bare />
    </div>
  );
}

function useViewActions(job: Job, picks: Picks) {
  const [, navigate] = useLocation();
  const pictures = job.results.filter(isPicture);
  const slots = picks.slots.length > 1 ? picks.slots : pictures.map(({ index }) => index);
  const link = `${location.origin}/run/${job.jobId}`;
  return {
    compare: {
      id: 'compare',
      label: picks.slots.length > 1 ? `Compare ${picks.slots.length}` : 'Compare all',
      group: 'Run',
      keys: 'C',
      enabled: slots.length > 1,
      run: () => navigate(`/compare?run=${job.jobId}&slots=${slots.join(',')}`),
    },
    zip: {
      id: 'zip',
      label: 'Download all as a zip',
      group: 'Run',
      keys: 'Z',
      enabled: pictures.length > 0,
      run: () => void saveZip(job, pictures).catch(tell),
    },
    link: {
      id: 'copy-link',
      label: 'Copy link',
      group: 'Run',
      keys: 'Y',
      run: async () => showToast({ text: (await copyText(link)) ? 'Link copied.' : link }),
    },
  } satisfies Record<string, Action>;
}

const tell = (error: Error) => showToast({ text: error.message });
