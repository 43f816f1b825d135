import { Link, useLocation } from 'wouter';
import { ApiError } from '../../api/client';
import { useModels, useRetention } from '../../api/queries';
import type { GalleryDetail } from '../../api/types';
import type { Action } from '../../lib/actions';
import { inShort, moment } from '../../lib/format';
import { RunsInProgress } from '../../live/RunsInProgress';
import { Unreachable } from '../../live/Unreachable';
import { Frame } from '../../pictures/Frame';
import { PictureGrid } from '../../pictures/grid/PictureGrid';
import { LightboxFromUrl } from '../../pictures/LightboxFromUrl';
import { numberOf, titleOf } from '../../pictures/names';
import { ResultFacts } from '../../pictures/ResultFacts';
import { RunToolbar } from '../../pictures/RunToolbar';
import { isPicture, type Picture } from '../../pictures/select';
import { settingsOf } from '../../pictures/settings';
import { useViewed } from '../../pictures/useViewed';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { PromptTitle } from '../../ui/PromptTitle';
import { Spinner } from '../../ui/Spinner';
import { useTitle } from '../../ui/useTitle';
import styles from './GalleryRun.module.css';
import { useGalleryDetail } from './queries';

/** One run of the gallery, with everything that can be taken from it. */
export default function GalleryRun({ target }: { target: string }) {
  const { data, error } = useGalleryDetail(target);
  return (
    <main className={styles.run} id="stage" tabIndex={-1}>
      <Link href="/gallery" className={styles.back}>
        <Icon name="arrowLeft" size={16} /> Gallery
      </Link>
      <Unreachable>This run is shown as it was, or as soon as the server answers.</Unreachable>
      <RunsInProgress />
      {error && !data && <Missing error={error} />}
      {!data && !error && <Spinner size={32} />}
      {data && <Loaded detail={data} />}
    </main>
  );
}

function Missing({ error }: { error: Error }) {
  const gone = error instanceof ApiError && error.status === 404;
  const kept = useRetention();
  return (
    <Notice
      title={gone ? 'There is no such run' : 'The run cannot be shown'}
      tone={gone ? 'calm' : 'bad'}
    >
      <p>
        {gone ? `It may have expired${kept ? `: runs are kept for ${kept}` : ''}.` : error.message}
      </p>
    </Notice>
  );
}

function Loaded({ detail }: { detail: GalleryDetail }) {
  const pictures = detail.images.filter(isPicture);
  const ranges = useModels().data?.parameters;
  useTitle(detail.prompt.slice(0, 60));
  return (
    <>
      <PromptTitle prompt={detail.prompt} />
      <p className={styles.facts}>
        {[moment(detail.createdAt), ...settingsOf(detail.parameters, ranges)].join(' · ')}
      </p>
      <Tools detail={detail} pictures={pictures} />
      {pictures.length === 0 && (
        <Notice title="No picture came of this run">
          <p>
            <Link href={`/run/${detail.jobId}`}>Open the run</Link> to see why, or to try again.
          </p>
        </Notice>
      )}
      <PictureGrid count={pictures.length} shape={detail.parameters.aspectRatio}>
        {pictures.map((picture) => (
          <Shown key={picture.index} picture={picture} detail={detail} />
        ))}
      </PictureGrid>
      <LightboxFromUrl run={detail} studio="/" pictures={pictures} />
    </>
  );
}

function Shown({ picture, detail }: { picture: Picture; detail: GalleryDetail }) {
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
          run={detail}
          picture={picture}
          ratio={detail.parameters.aspectRatio}
          alt={`${picture.model}: ${inShort(detail.prompt)}`}
        />
      </button>
      <ResultFacts result={picture} />
    </li>
  );
}

function Tools({ detail, pictures }: { detail: GalleryDetail; pictures: Picture[] }) {
  const [, navigate] = useLocation();
  const open: Action = {
    id: 'open-run',
    label: 'Open the run',
    group: 'Gallery',
    keys: 'O',
    run: () => navigate(`/run/${detail.jobId}`),
  };
  return (
    <div className={styles.tools}>
      <RunToolbar
        run={detail}
        pictures={pictures}
        studio="/"
        own={[{ action: open, icon: 'expand' }]}
      />
    </div>
  );
}
