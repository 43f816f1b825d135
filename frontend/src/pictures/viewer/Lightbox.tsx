import { useEffect, useRef } from 'react';
import type { Action } from '../../lib/actions';
import { saveUrl } from '../../lib/download';
import { ActionButton, Button } from '../../ui/Button';
import { showToast } from '../../ui/toast';
import { useActions } from '../../ui/useActions';
import { fileName } from '../names';
import { ResultFacts } from '../ResultFacts';
import type { Picture } from '../select';
import styles from './Lightbox.module.css';
import { Pane } from './Pane';
import { useSyncedView, viewActions } from './useSyncedView';

interface LightboxProps {
  title: string;
  pictures: Picture[];
  at: number;
  onShow(picture: Picture | undefined): void;
}

/** One picture, as large as the screen, with its neighbours an arrow away. */
export default function Lightbox({ title, pictures, at, onShow }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const synced = useSyncedView();
  const picture = pictures[at];
  const zoom = viewActions(synced);
  const turns = turnActions(pictures, at, synced.view.scale > 1, onShow);
  const download = downloadAction(picture);
  useActions([...zoom, ...turns, download], true);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  if (!picture) return null;
  return (
    <dialog
      ref={dialog}
      className={styles.lightbox}
      aria-label={`${picture.model}: ${title}`}
      onClose={({ currentTarget }) => currentTarget.open || onShow(undefined)}
    >
      <header className={styles.bar}>
        <h2 title={picture.model}>{picture.model}</h2>
        {zoom.slice(0, 3).map((action) => (
          <ActionButton key={action.id} action={action} icon={ICONS[action.id] ?? 'expand'} bare />
        ))}
        <ActionButton action={download} icon="download" bare />
        <Button icon="cancel" bare onClick={() => dialog.current?.close()}>
          Close
        </Button>
      </header>
      <Pane
        key={picture.index}
        pictures={[picture]}
        alt={`${picture.model}: ${title}`}
        synced={synced}
      />
      <footer className={styles.bar}>
        <ResultFacts result={picture} />
        <span className={styles.turns}>
          {turns.map((action) => (
            <Button key={action.id} look="outline" disabled={!action.enabled} onClick={action.run}>
              {action.label}
            </Button>
          ))}
        </span>
      </footer>
    </dialog>
  );
}

const ICONS: Record<string, 'plus' | 'minus' | 'expand'> = {
  'zoom-in': 'plus',
  'zoom-out': 'minus',
};

function turnActions(
  pictures: Picture[],
  at: number,
  zoomed: boolean,
  onShow: LightboxProps['onShow'],
): Action[] {
  const turn = (label: string, keys: string, to: number): Action => ({
    id: label,
    label,
    group: 'Compare',
    ...(zoomed ? {} : { keys }),
    enabled: pictures[to] !== undefined,
    run: () => onShow(pictures[to]),
  });
  return [turn('Previous', 'ArrowLeft', at - 1), turn('Next', 'ArrowRight', at + 1)];
}

const downloadAction = (picture: Picture | undefined): Action => ({
  id: 'download',
  label: 'Download',
  group: 'Picture',
  keys: 'D',
  enabled: picture !== undefined,
  run: () => {
    if (!picture) return;
    saveUrl(picture.imageUrl, fileName(picture)).catch((error: Error) =>
      showToast({ text: error.message }),
    );
  },
});
