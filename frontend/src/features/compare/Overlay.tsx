import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Action } from '../../lib/actions';
import { inShort } from '../../lib/format';
import type { RunName } from '../../pictures/names';
import type { Picture } from '../../pictures/select';
import { useRoom } from '../../pictures/useRoom';
import { Pane } from '../../pictures/viewer/Pane';
import { type SyncedView, shareOf } from '../../pictures/viewer/useSyncedView';
import { ActionButton, Button } from '../../ui/Button';
import { useActions } from '../../ui/useActions';
import type { Mode } from './modes';
import styles from './Overlay.module.css';

interface OverlayProps {
  job: RunName;
  pictures: Picture[];
  synced: SyncedView;
}

const LOOSE = 1.15;
/** Names above and controls beneath, in CSS pixels. */
const CONTROLS = 120;

/** Pictures in one place: parted by a divider, subtracted, or one after the other. */
export function Overlay({ mode, ...shown }: OverlayProps & { mode: Mode }) {
  const place = useRef<HTMLDivElement>(null);
  const room = useRoom(place);
  const Way = { slider: Slider, difference: Difference, flicker: Flicker, beside: Difference }[
    mode
  ];
  const share = Math.max(...shown.pictures.map((one) => shareOf(shown.synced, one).width));
  // No higher than the pictures need in this width, with some room to zoom in.
  const ratio = Math.min(
    ...shown.pictures.map(({ width, height }) => (width || 1) / (height || 1)),
  );
  const height = room ? Math.min(room.height, (room.width / ratio) * LOOSE + CONTROLS) : 0;
  const style = {
    '--height': `${height}px`,
    '--edge': `${((1 - share) / 2) * 100}%`,
  } as CSSProperties;
  return (
    <div ref={place} className={styles.overlay} style={style}>
      {room && <Way {...shown} />}
    </div>
  );
}

function Names({ pictures }: { pictures: Picture[] }) {
  return (
    <div className={styles.names} aria-hidden="true">
      {pictures.map(({ index, model }) => (
        <span key={index}>{model}</span>
      ))}
    </div>
  );
}

const all = (pictures: Picture[], { prompt }: RunName) =>
  `${pictures.map(({ model }) => model).join(' and ')}: ${inShort(prompt)}`;

/** How near to the divider of a zoomed picture a press takes it, as a share of the pane. */
const NEAR = 0.04;

function Slider({ job, pictures, synced }: OverlayProps) {
  // A share of the pictures, whose edges may lie far within the pane's.
  const [share, setShare] = useState(50);
  const [flicked, setFlicked] = useState(false);
  const [first, second] = pictures;
  const width = Math.max(...pictures.map((picture) => shareOf(synced, picture).width));
  const cut = (0.5 + (share / 100 - 0.5) * width) * 100;
  const hold = (event: KeyboardEvent, down: boolean) => {
    if (event.key === ' ' || event.key === 'Enter') setFlicked(down);
  };
  return (
    <>
      <Names pictures={pictures} />
      <Pane
        run={job}
        pictures={pictures}
        alt={all(pictures, job)}
        synced={synced}
        inPage
        layerStyle={(layer) =>
          layer > 0 ? { clipPath: `inset(0 0 0 ${flicked ? 0 : cut}%)` } : {}
        }
        onGrab={({ x }) => synced.view.scale === 1 || Math.abs(x + 0.5 - cut / 100) < NEAR}
        onDrag={({ x }) => setShare(Math.min(100, Math.max(0, (x / width + 0.5) * 100)))}
      >
        {!flicked && <span className={styles.divider} style={{ left: `${cut}%` }} />}
      </Pane>
      <div className={styles.controls}>
        <input
          type="range"
          min="0"
          max="100"
          step="0.5"
          value={share}
          aria-label={`Divider between ${first?.model} and ${second?.model}`}
          onChange={(event) => setShare(event.target.valueAsNumber)}
        />
        <Button
          look="outline"
          aria-pressed={flicked}
          onPointerDown={() => setFlicked(true)}
          onPointerUp={() => setFlicked(false)}
          onPointerLeave={() => setFlicked(false)}
          onKeyDown={(event) => hold(event, true)}
          onKeyUp={(event) => hold(event, false)}
          onBlur={() => setFlicked(false)}
        >
          {`Hold to see ${second?.model}`}
        </Button>
      </div>
    </>
  );
}

const SUBTRACTED: CSSProperties = { mixBlendMode: 'difference' };

function Difference({ job, pictures, synced }: OverlayProps) {
  return (
    <>
      <Names pictures={pictures} />
      <Pane
        run={job}
        pictures={pictures}
        alt={`Difference of ${all(pictures, job)}`}
        synced={synced}
        inPage
        layerStyle={(layer) => (layer > 0 ? SUBTRACTED : {})}
      />
      <p className={styles.controls}>Black is the same in both.</p>
    </>
  );
}

/** Slower than what may harm: fewer than three changes a second. */
const TURN_MS = 700;

function Flicker({ job, pictures, synced }: OverlayProps) {
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(
    () => !matchMedia('(prefers-reduced-motion: reduce)').matches,
  );
  const turn = (by: number) => setAt((now) => (now + by + pictures.length) % pictures.length);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setAt((now) => (now + 1) % pictures.length), TURN_MS);
    return () => clearInterval(timer);
  }, [playing, pictures.length]);
  const step = (label: string, keys: string, by: number): Action => ({
    id: `flicker-${keys}`,
    label,
    group: 'Compare',
    ...(synced.view.scale > 1 ? {} : { keys }),
    run: () => {
      setPlaying(false);
      turn(by);
    },
  });
  const play: Action = {
    id: 'flicker-play',
    label: playing ? 'Pause' : 'Play',
    group: 'Compare',
    keys: 'P',
    run: () => setPlaying(!playing),
  };
  const actions = [step('Previous', 'ArrowLeft', -1), play, step('Next', 'ArrowRight', 1)];
  useActions(actions);
  return (
    <>
      <div className={styles.names}>
        <span aria-live={playing ? 'off' : 'polite'}>{pictures[at]?.model}</span>
      </div>
      <Pane
        run={job}
        pictures={pictures}
        alt={all(pictures, job)}
        synced={synced}
        inPage
        layerStyle={(layer) => (layer === at ? { zIndex: 1 } : {})}
        onSwipe={(to) => to !== 'down' && turn(to === 'left' ? 1 : -1)}
      />
      <div className={styles.controls}>
        {actions.map((action) => (
          <ActionButton key={action.id} action={action} look="outline" />
        ))}
      </div>
    </>
  );
}
