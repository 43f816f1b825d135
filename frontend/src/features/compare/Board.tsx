import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Action } from '../../lib/actions';
import { inShort } from '../../lib/format';
import { arrange } from '../../pictures/layout';
import { type RunName, titleOf } from '../../pictures/names';
import type { Picture } from '../../pictures/select';
import { useRoom } from '../../pictures/useRoom';
import { Pane } from '../../pictures/viewer/Pane';
import {
  percent,
  type SyncedView,
  useSyncedView,
  viewActions,
} from '../../pictures/viewer/useSyncedView';
import { ActionButton } from '../../ui/Button';
import { useActions } from '../../ui/useActions';
import { useSearchParam } from '../../ui/useSearchParam';
import styles from './Board.module.css';
import { DifferenceTable } from './DifferenceTable';
import { type Mode, modeActions, modeOf } from './modes';
import { Overlay } from './Overlay';

interface BoardProps {
  job: RunName;
  /** Where it goes on when the comparison is left. */
  back: string;
  pictures: Picture[];
}

/** The pictures side by side, or laid over each other, all moved by one view. */
export function Board({ job, back, pictures }: BoardProps) {
  const synced = useSyncedView();
  const [solo, setSolo] = useState<number | null>(null);
  const [param, setMode] = useSearchParam('mode');
  const [, navigate] = useLocation();
  const mode = solo === null ? modeOf(param, pictures.length) : 'beside';
  const show = (next: Mode) => {
    setSolo(null);
    setMode(next === 'beside' ? null : next);
  };
  const shown = solo === null ? pictures : pictures.slice(solo, solo + 1);
  const zoom = viewActions(synced, shown[0]);
  const solos = soloActions(pictures, solo, setSolo);
  const modes = modeActions(mode, pictures.length, show);
  const leave: Action = {
    id: 'leave',
    label: 'Back',
    group: 'Compare',
    keys: 'Escape',
    run: () => {
      if (solo !== null) setSolo(null);
      else if (mode !== 'beside') show('beside');
      else navigate(back);
    },
  };
  useActions([...zoom, ...solos, ...modes, leave]);
  const board = useRef<HTMLElement>(null);
  useEffect(() => board.current?.focus({ preventScroll: true }), []);
  return (
    <section ref={board} tabIndex={-1} className={styles.board} aria-label="Comparison">
      <div className={styles.tools} role="toolbar" aria-label="View">
        {modes.map((action) => (
          <ActionButton
            key={action.id}
            action={action}
            look="outline"
            aria-pressed={action.id === `mode-${mode}`}
          />
        ))}
        {zoom.slice(0, 3).map((action) => (
          <ActionButton
            key={action.id}
            action={action}
            look="outline"
            data-zoom={action.id.startsWith('zoom') || undefined}
          />
        ))}
        <output className={styles.zoom} title="100 % shows the file pixel by pixel">
          {percent(synced, shown)}
        </output>
      </div>
      {mode === 'beside' ? (
        <Panes job={job} pictures={shown} all={pictures} solos={solos} synced={synced} />
      ) : (
        <Overlay key={mode} mode={mode} job={job} pictures={pictures} synced={synced} />
      )}
      <DifferenceTable pictures={pictures} />
    </section>
  );
}

const GAP = 8;
const NAME = 28;
/** Narrower than this, pictures are scrolled rather than shown all at once. */
const LEAST = 150;

interface PanesProps {
  job: RunName;
  pictures: Picture[];
  all: Picture[];
  solos: Action[];
  synced: SyncedView;
}

function Panes({ job, pictures, all, solos, synced }: PanesProps) {
  const place = useRef<HTMLDivElement>(null);
  const room = useRoom(place);
  const ratios = pictures.map(({ width, height }) => (width || 1) / (height || 1));
  const { columns, width, height } = room
    ? arrange(ratios, { ...room, gap: GAP, extra: NAME }, Math.min(LEAST, (room.width - GAP) / 2))
    : { columns: 1, width: 0, height: 0 };
  const only = pictures.length === 1 && room;
  return (
    <div ref={place}>
      <ul
        className={styles.panes}
        style={
          {
            '--columns': columns,
            '--width': `${only ? room.width : width}px`,
            '--height': `${height}px`,
          } as CSSProperties
        }
      >
        {room &&
          pictures.map((picture) => (
            <li key={picture.index}>
              <ActionButton
                action={solos[all.indexOf(picture)] as Action}
                aria-pressed={pictures.length === 1}
              />
              <Pane
                run={job}
                pictures={[picture]}
                alt={`${picture.model}: ${inShort(job.prompt)}`}
                synced={synced}
                inPage
              />
            </li>
          ))}
      </ul>
    </div>
  );
}

function soloActions(pictures: Picture[], solo: number | null, set: (at: number | null) => void) {
  return pictures.map(
    (picture, at): Action => ({
      id: `solo-${at}`,
      label: titleOf(picture),
      group: 'Compare',
      ...(at < 9 ? { keys: String(at + 1) } : {}),
      run: () => set(solo === at ? null : at),
    }),
  );
}
