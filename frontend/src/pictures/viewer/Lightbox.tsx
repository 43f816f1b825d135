import { useEffect, useRef } from 'react';
import type { Action } from '../../lib/actions';
import { inShort } from '../../lib/format';
import { ActionButton, Button } from '../../ui/Button';
import { useActions } from '../../ui/useActions';
import { fileActions } from '../fileActions';
import type { RunName } from '../names';
import { ResultFacts } from '../ResultFacts';
import type { Picture } from '../select';
import styles from './Lightbox.module.css';
import { Pane } from './Pane';
import type { Swipe } from './useGestures';
import { percent, useSyncedView, viewActions } from './useSyncedView';

interface LightboxProps {
  run: RunName;
  /** Draws with this picture's seed. */
  seed: Action | null;
  pictures: Picture[];
  at: number;
  onShow(picture: Picture | undefined): void;
}

/** One picture, as large as the screen, with its neighbours an arrow or a stroke away. */
export default function Lightbox({ run, seed, pictures, at, onShow }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const synced = useSyncedView();
  const picture = pictures[at];
  const zoom = viewActions(synced, picture);
  const [previous, next] = turnActions(pictures, at, synced.view.scale > 1, onShow);
  const file = fileActions(run, picture ?? null);
  useActions([...zoom, previous, next, ...Object.values(file)], true);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  if (!picture) return null;
  const close = () => dialog.current?.close();
  const swipe = (to: Swipe) => {
    if (to === 'down') close();
    else if (pictures[at + TURNS[to]]) onShow(pictures[at + TURNS[to]]);
  };
  return (
    <dialog
      ref={dialog}
      className={styles.lightbox}
      aria-label={`${picture.model}: ${inShort(run.prompt)}`}
      onClose={({ currentTarget }) => currentTarget.open || onShow(undefined)}
    >
      <header className={styles.bar}>
        <h2 title={picture.model}>{picture.model}</h2>
        <output className={styles.zoom}>{percent(synced, [picture])}</output>
        {zoom.slice(0, 3).map((action) => (
          <ActionButton
            key={action.id}
            action={action}
            icon={ICONS[action.id] ?? 'pixels'}
            bare
            data-zoom={action.id.startsWith('zoom') || undefined}
          />
        ))}
        <ActionButton action={file.copy} icon="copy" bare />
        {file.share.enabled && <ActionButton action={file.share} icon="share" bare />}
        <ActionButton action={file.download} icon="download" bare />
        <Button icon="cancel" bare onClick={close}>
          Close
        </Button>
      </header>
      <Pane
        key={picture.index}
        run={run}
        pictures={[picture]}
        alt={`${picture.model}: ${inShort(run.prompt)}`}
        synced={synced}
        onSwipe={swipe}
        onBeside={close}
      />
      <footer className={styles.bar}>
        <ResultFacts result={picture} />
        <span className={styles.turns}>
          {seed?.enabled && <ActionButton action={seed} look="outline" />}
          {[previous, next].map((action) => (
            <Button key={action.id} look="outline" disabled={!action.enabled} onClick={action.run}>
              {action.label}
            </Button>
          ))}
        </span>
      </footer>
    </dialog>
  );
}

const TURNS = { left: 1, right: -1 };

const ICONS: Record<string, 'plus' | 'minus'> = { 'zoom-in': 'plus', 'zoom-out': 'minus' };

function turnActions(
  pictures: Picture[],
  at: number,
  zoomed: boolean,
  onShow: LightboxProps['onShow'],
): [Action, Action] {
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
