import { Link, useLocation } from 'wouter';
import { ApiError } from '../../api/client';
import { useModels, useRetention } from '../../api/queries';
import type { GalleryDetail, ModelsResponse } from '../../api/types';
import type { Action } from '../../lib/actions';
import { copyText } from '../../lib/clipboard';
import { frameNumber, moment } from '../../lib/format';
import { RunsInProgress } from '../../live/RunsInProgress';
import { Unreachable } from '../../live/Unreachable';
import { Frame } from '../../pictures/Frame';
import { LightboxFromUrl } from '../../pictures/LightboxFromUrl';
import { settingName } from '../../pictures/names';
import { ResultFacts } from '../../pictures/ResultFacts';
import { manifest, saveZip } from '../../pictures/saveZip';
import { isPicture, type Picture } from '../../pictures/select';
import { useViewed } from '../../pictures/useViewed';
import { ActionButton } from '../../ui/Button';
import { Icon, type IconName } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { PromptTitle } from '../../ui/PromptTitle';
import { Spinner } from '../../ui/Spinner';
import { showToast } from '../../ui/toast';
import { useActions } from '../../ui/useActions';
import { useTitle } from '../../ui/useTitle';
import styles from './GalleryRun.module.css';
import { useGalleryDetail } from './queries';

/** One run of the gallery, with everything that can be taken from it. */
export default function GalleryRun({ target }: { target: string }) {
  const { data, error } = useGalleryDetail(target);
  return (
    <main className={styles.run} id="stage">
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
        {[moment(detail.createdAt), ...settings(detail.parameters, ranges)].join(' · ')}
      </p>
      <Tools detail={detail} pictures={pictures} />
      {pictures.length === 0 && (
        <Notice title="No picture came of this run">
          <p>
            <Link href={`/run/${detail.jobId}`}>Open the run</Link> to see why, or to try again.
          </p>
        </Notice>
      )}
      <ul className={styles.grid} aria-label="Pictures">
        {pictures.map((picture) => (
          <Shown key={picture.index} picture={picture} detail={detail} />
        ))}
      </ul>
      <LightboxFromUrl title={detail.prompt} pictures={pictures} />
    </>
  );
}

/** What was asked for; a default is left to each model, so it is no setting of the run. */
const settings = (
  parameters: GalleryDetail['parameters'],
  ranges: ModelsResponse['parameters'] = {},
): string[] =>
  Object.entries(parameters)
    .filter(([name, value]) => typeof value !== 'object' && value !== ranges[name]?.default)
    .map(([name, value]) => `${settingName(name)} ${value}`);

function Shown({ picture, detail }: { picture: Picture; detail: GalleryDetail }) {
  const { open } = useViewed();
  return (
    <li className={styles.shown}>
      <h2>
        <span>{frameNumber(picture.index)}</span> {picture.model}
      </h2>
      <button type="button" onClick={() => open(picture.index)}>
        <Frame
          picture={picture}
          ratio={detail.parameters.aspectRatio}
          alt={`${picture.model}: ${detail.prompt}`}
        />
      </button>
      <ResultFacts result={picture} />
    </li>
  );
}

function Tools({ detail, pictures }: { detail: GalleryDetail; pictures: Picture[] }) {
  const actions = useDetailActions(detail, pictures);
  useActions(actions.map(({ action }) => action));
  return (
    <div className={styles.tools}>
      {actions.map(({ action, icon }) => (
        <ActionButton key={action.id} action={action} icon={icon} look="outline" />
      ))}
    </div>
  );
}

async function copy(what: string, text: string): Promise<void> {
  const copied = await copyText(text);
  showToast({ text: copied ? `${what} copied.` : 'The browser did not allow copying.' });
}

function useDetailActions(detail: GalleryDetail, pictures: Picture[]) {
  const [, navigate] = useLocation();
  const slots = pictures.map(({ index }) => index).join(',');
  const action = (
    icon: IconName,
    id: string,
    keys: string,
    label: string,
    run: () => unknown,
    enabled = true,
  ) => ({ icon, action: { id, keys, label, run, enabled, group: 'Gallery' } satisfies Action });
  return [
    action('retry', 'reuse', 'U', 'Use again', () => navigate(`/?from=${detail.jobId}`)),
    action('expand', 'open-run', 'O', 'Open the run', () => navigate(`/run/${detail.jobId}`)),
    action(
      'compare',
      'compare',
      'C',
      'Compare',
      () => navigate(`/compare?run=${detail.jobId}&slots=${slots}`),
      pictures.length > 1,
    ),
    action(
      'download',
      'zip',
      'Z',
      'Download all',
      () => saveZip(detail, pictures).catch((error: Error) => showToast({ text: error.message })),
      pictures.length > 0,
    ),
    action('link', 'copy-link', 'Y', 'Copy link', () =>
      copy('Link', location.href.split('?')[0] ?? ''),
    ),
    action('copy', 'copy-prompt', 'P', 'Copy prompt', () => copy('Prompt', detail.prompt)),
    action('copy', 'copy-json', 'J', 'Copy as JSON', () =>
      copy('JSON', JSON.stringify(manifest(detail, pictures), null, 2)),
    ),
  ];
}
