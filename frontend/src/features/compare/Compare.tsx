import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { getBatch, getRow } from '../../api/batches';
import { Unreachable } from '../../live/Unreachable';
import { useRun } from '../../live/useRun';
import { columnsOf, picturesOf, rowName } from '../../pictures/columns';
import type { RunName } from '../../pictures/names';
import { isPicture, type Picture } from '../../pictures/select';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import { useSearchParam } from '../../ui/useSearchParam';
import { useTitle } from '../../ui/useTitle';
import { Board } from './Board';
import styles from './Compare.module.css';

/**
 * `/compare?run=jobId&slots=0,4,7&mode=slider`: pictures of one run under one zoom;
 * `?batch=batchId&row=3`: those of a batch's row.
 */
export default function Compare() {
  useTitle('Comparison');
  const [jobId] = useSearchParam('run');
  const [batchId] = useSearchParam('batch');
  const [row] = useSearchParam('row');
  const [slots] = useSearchParam('slots');
  return (
    <main className={styles.compare} id="stage" tabIndex={-1}>
      {batchId && <OfRow batchId={batchId} number={Number(row)} slots={slots} />}
      {!batchId && jobId && <OfRun jobId={jobId} slots={slots ?? ''} />}
      {!batchId && !jobId && <NothingToCompare back="/" />}
    </main>
  );
}

function OfRun({ jobId, slots }: { jobId: string; slots: string }) {
  const { data, error } = useRun(jobId);
  if (!data) return <Awaited error={error} />;
  const back = `/run/${jobId}`;
  const pictures = picked(data.results.filter(isPicture), slots);
  return <Compared run={data} pictures={pictures} back={back} leads="Back to the run" />;
}

function OfRow({
  batchId,
  number,
  slots,
}: {
  batchId: string;
  number: number;
  slots: string | null;
}) {
  const batch = useQuery({
    queryKey: ['batch', batchId],
    queryFn: ({ signal }) => getBatch(batchId, signal),
  });
  const row = useQuery({
    queryKey: ['batch', batchId, 'rows', 'row', number],
    queryFn: ({ signal }) => getRow(batchId, number, signal),
  });
  if (!batch.data || !row.data) return <Awaited error={batch.error ?? row.error} />;
  const all = picturesOf(row.data, columnsOf(batch.data));
  return (
    <Compared
      run={{ prompt: rowName(row.data), createdAt: batch.data.createdAt }}
      pictures={slots === null ? all : picked(all, slots)}
      back={`/batches/${batchId}?cell=${number}.0`}
      leads="Back to the row"
    />
  );
}

function Awaited({ error }: { error: Error | null }) {
  if (error)
    return (
      <Notice title="The pictures cannot be shown" tone="bad">
        <p>{error.message}</p>
      </Notice>
    );
  return (
    <>
      <Unreachable>The pictures are shown as soon as it answers.</Unreachable>
      <Spinner size={32} />
    </>
  );
}

interface ComparedProps {
  run: RunName;
  pictures: Picture[];
  back: string;
  leads: string;
}

function Compared({ run, pictures, back, leads }: ComparedProps) {
  if (pictures.length < 2) return <NothingToCompare back={back} />;
  return (
    <>
      <header className={styles.header}>
        <Link href={back} aria-label={leads}>
          <Icon name="arrowLeft" />
        </Link>
        <h1 dir="auto" title={run.prompt}>
          {run.prompt}
        </h1>
      </header>
      <Board
        key={pictures.map(({ index }) => index).join()}
        job={run}
        back={back}
        pictures={pictures}
      />
    </>
  );
}

/** The pictures named in the address, in its order. */
function picked(pictures: Picture[], slots: string) {
  const wanted = slots.split(',').filter(Boolean).map(Number);
  return wanted.flatMap((slot) => pictures.find(({ index }) => index === slot) ?? []);
}

function NothingToCompare({ back }: { back: string }) {
  return (
    <Notice title="Pick at least two pictures" icon="compare">
      <p>A comparison needs two or more pictures of one run, or of one row.</p>
      <Link href={back}>Back to the pictures</Link>
    </Notice>
  );
}
