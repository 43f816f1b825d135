import { useQuery } from '@tanstack/react-query';
import { getShared } from '../../api/accounts/calls';
import { renewIn } from '../../api/addresses';
import { ApiError } from '../../api/client';
import { backoff } from '../../api/queries';
import type { Job } from '../../api/types';
import { inShort, moment, plural } from '../../lib/format';
import { isOpen } from '../../live/merge';
import { Frame } from '../../pictures/Frame';
import { PictureGrid } from '../../pictures/grid/PictureGrid';
import { LightboxFromUrl } from '../../pictures/LightboxFromUrl';
import { numberOf, titleOf } from '../../pictures/names';
import { ResultFacts } from '../../pictures/ResultFacts';
import { isPicture, type Picture } from '../../pictures/select';
import { useViewed } from '../../pictures/useViewed';
import { Notice } from '../../ui/Notice';
import { PromptTitle } from '../../ui/PromptTitle';
import { Spinner } from '../../ui/Spinner';
import { useTitle } from '../../ui/useTitle';
import styles from './Shared.module.css';

const OPEN_EVERY_MS = 3000;

/** A run that somebody has shared: to be looked at, by anybody who has its link. */
export default function Shared({ token }: { token: string }) {
  const { data, error } = useQuery({
    queryKey: ['shared', token],
    queryFn: ({ signal }) => getShared(token, signal),
    refetchInterval: ({ state }) => (isOpen(state.data) ? OPEN_EVERY_MS : renewIn(state.data)),
    retry: (_, error) => !(error instanceof ApiError) || error.transient,
    retryDelay: backoff,
  });
  const over = error instanceof ApiError && error.status === 404;
  return (
    <main className={styles.shared} id="stage" tabIndex={-1}>
      {over && (
        <Notice title="There is no such link" icon="link">
          <p>It has expired, was ended, or its run is gone.</p>
        </Notice>
      )}
      {error && !over && !data && (
        <Notice title="The run cannot be shown" tone="bad">
          <p>{error.message}</p>
        </Notice>
      )}
      {!data && !error && <Spinner size={32} />}
      {data && !over && <Loaded job={data} />}
    </main>
  );
}

function Loaded({ job }: { job: Job }) {
  const pictures = job.results.filter(isPicture);
  useTitle(job.prompt.slice(0, 60));
  return (
    <>
      <PromptTitle prompt={job.prompt} />
      <p className={styles.facts}>
        {moment(job.createdAt)} · {pictures.length} of {plural(job.totalModels, 'picture')}
        {job.simulated && ' · simulated'}
      </p>
      <PictureGrid count={pictures.length} shape={job.parameters.aspectRatio}>
        {pictures.map((picture) => (
          <Shown key={picture.index} picture={picture} job={job} />
        ))}
      </PictureGrid>
      <LightboxFromUrl run={job} pictures={pictures} />
    </>
  );
}

function Shown({ picture, job }: { picture: Picture; job: Job }) {
  const { open } = useViewed();
  return (
    <li className={styles.shown}>
      <h2>
        <span>{numberOf(picture)}</span> {picture.model}
      </h2>
      <button
        type="button"
        aria-label={`Open ${titleOf(picture)}`}
        onClick={() => open(picture.index)}
      >
        <Frame
          run={job}
          picture={picture}
          ratio={job.parameters.aspectRatio}
          alt={`${picture.model}: ${inShort(job.prompt)}`}
        />
      </button>
      <ResultFacts result={picture} />
    </li>
  );
}
