import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { getJobs } from '../../api/accounts/calls';
import { renewIn } from '../../api/addresses';
import type { JobSummary } from '../../api/types';
import { askedAction } from '../../lib/actions';
import { moment, plural } from '../../lib/format';
import { useDeleteRun } from '../../live/deletion';
import { useSteady } from '../../pictures/useSteady';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import { showToast } from '../../ui/toast';
import { useTitle } from '../../ui/useTitle';
import styles from './List.module.css';

const KEY = ['jobs'];
const OPEN_EVERY_MS = 5000;

const isOpen = ({ status }: JobSummary) => status === 'pending' || status === 'in_progress';

/** Everything that one has made, runs in progress included. */
export default function Runs() {
  useTitle('Runs');
  const runs = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam, signal }) => getJobs(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ jobs }) => jobs.some(isOpen)) ? OPEN_EVERY_MS : renewIn(state.data),
  });
  const jobs = runs.data?.pages.flatMap((page) => page.jobs) ?? [];
  return (
    <>
      <h1>Runs</h1>
      {runs.error && (
        <Notice title="The runs cannot be shown" tone="bad">
          <p>{runs.error.message}</p>
        </Notice>
      )}
      {runs.isSuccess && jobs.length === 0 && <p>There are none yet.</p>}
      <ul className={styles.list}>
        {jobs.map((job) => (
          <Line key={job.jobId} job={job} />
        ))}
      </ul>
      {runs.isPending && !runs.error && <Spinner size={28} />}
      {runs.hasNextPage && (
        <Button look="outline" disabled={runs.isFetching} onClick={() => runs.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function Line({ job }: { job: JobSummary }) {
  const remove = useDelete(job);
  const [thumb, thumbIsHere] = useSteady(job.preview.thumbUrl);
  const failed = job.failedModels > 0 ? `, ${job.failedModels} failed` : '';
  return (
    <li>
      <Link href={`/run/${job.jobId}`} className={styles.run}>
        <span className={styles.mat}>
          {thumb && <img src={thumb} alt="" loading="lazy" onLoad={thumbIsHere} />}
        </span>
        <span className={styles.text}>
          <strong dir="auto">{job.prompt}</strong>
          <small>
            {moment(job.createdAt)} · {job.completedModels} of {plural(job.totalModels, 'picture')}
            {failed}
            {isOpen(job) && ' · in progress'}
          </small>
        </span>
      </Link>
      <Button icon="cancel" bare onClick={remove}>
        {`Delete ${job.prompt}`}
      </Button>
    </li>
  );
}

/** Asks, and then takes a run away for good. */
function useDelete({ jobId, prompt }: JobSummary): () => void {
  const client = useQueryClient();
  const remove = useDeleteRun();
  const run = () =>
    remove(jobId).then(
      () => {
        client.invalidateQueries({ queryKey: KEY });
        showToast({ text: 'Run deleted.' });
      },
      (error: Error) => showToast({ text: error.message }),
    );
  const ask = `“${prompt.slice(0, 80)}” and its pictures are gone for good.`;
  return () =>
    askedAction.set({ id: 'delete-run', label: 'Delete the run', group: 'Run', ask, run });
}
