import { Link } from 'wouter';
import type { Job } from '../../api/types';
import { Unreachable } from '../../live/Unreachable';
import { useRun } from '../../live/useRun';
import { isPicture } from '../../pictures/select';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import { useSearchParam } from '../../ui/useSearchParam';
import { useTitle } from '../../ui/useTitle';
import { Board } from './Board';
import styles from './Compare.module.css';

/** `/compare?run=jobId&slots=0,4,7&mode=slider`: pictures of one run under one zoom. */
export default function Compare() {
  useTitle('Comparison');
  const [jobId] = useSearchParam('run');
  const [slots] = useSearchParam('slots');
  return (
    <main className={styles.compare} id="stage" tabIndex={-1}>
      {jobId ? <Loaded jobId={jobId} slots={slots ?? ''} /> : <NothingToCompare back="/" />}
    </main>
  );
}

function Loaded({ jobId, slots }: { jobId: string; slots: string }) {
  const { data, error } = useRun(jobId);
  if (error && !data) {
    return (
      <Notice title="The run cannot be shown" tone="bad">
        <p>{error.message}</p>
      </Notice>
    );
  }
  if (!data) {
    return (
      <>
        <Unreachable>The pictures are shown as soon as it answers.</Unreachable>
        <Spinner size={32} />
      </>
    );
  }
  const pictures = picked(data, slots);
  if (pictures.length < 2) return <NothingToCompare back={`/run/${jobId}`} />;
  return (
    <>
      <header className={styles.header}>
        <Link href={`/run/${jobId}`} aria-label="Back to the run">
          <Icon name="arrowLeft" />
        </Link>
        <h1 dir="auto" title={data.prompt}>
          {data.prompt}
        </h1>
      </header>
      <Board key={slots} job={data} pictures={pictures} />
    </>
  );
}

/** The pictures named in the address, in its order. */
function picked(job: Job, slots: string) {
  const wanted = slots.split(',').filter(Boolean).map(Number);
  const pictures = job.results.filter(isPicture);
  return wanted.flatMap((slot) => pictures.find(({ index }) => index === slot) ?? []);
}

function NothingToCompare({ back }: { back: string }) {
  return (
    <Notice title="Pick at least two pictures" icon="compare">
      <p>A comparison needs two or more pictures of one run.</p>
      <Link href={back}>Back to the pictures</Link>
    </Notice>
  );
}
