import { useState } from 'react';
import type { Action } from '../../lib/actions';
import { frameNumber } from '../../lib/format';
import type { Picture } from '../../pictures/select';
import { Pane } from '../../pictures/viewer/Pane';
import { useSyncedView, viewActions } from '../../pictures/viewer/useSyncedView';
import { ActionButton } from '../../ui/Button';
import { useActions } from '../../ui/useActions';
import { useSearchParam } from '../../ui/useSearchParam';
import styles from './Board.module.css';
import { DifferenceTable } from './DifferenceTable';
import { Overlay } from './Overlay';

interface BoardProps {
  prompt: string;
  pictures: Picture[];
}

/** The pictures side by side, or two laid over each other, all moved by one view. */
export function Board({ prompt, pictures }: BoardProps) {
  const synced = useSyncedView();
  const [solo, setSolo] = useState<number | null>(null);
  const [mode, setMode] = useSearchParam('mode');
  const slider = pictures.length === 2 && mode === 'slider';
  const zoom = viewActions(synced);
  const solos = soloActions(pictures, solo, setSolo);
  const toggle = sliderAction(pictures, () => setMode(slider ? null : 'slider'));
  useActions([...zoom, ...solos, toggle]);
  const shown = solo === null ? pictures : pictures.slice(solo, solo + 1);
  return (
    <>
      <div className={styles.tools} role="toolbar" aria-label="View">
        {pictures.length === 2 && (
          <ActionButton action={toggle} icon="compare" look="outline" aria-pressed={slider} />
        )}
        {zoom.slice(0, 3).map((action) => (
          <ActionButton key={action.id} action={action} look="outline" />
        ))}
        <output className={styles.zoom}>{Math.round(synced.view.scale * 100)} %</output>
      </div>
      {slider && solo === null ? (
        <Overlay pictures={pictures} prompt={prompt} synced={synced} />
      ) : (
        <ul
          className={styles.panes}
          style={{ '--columns': columns(shown.length) } as React.CSSProperties}
        >
          {shown.map((picture) => (
            <li key={picture.index}>
              <ActionButton
                action={solos[pictures.indexOf(picture)] as Action}
                aria-pressed={solo !== null}
              />
              <Pane pictures={[picture]} alt={`${picture.model}: ${prompt}`} synced={synced} />
            </li>
          ))}
        </ul>
      )}
      <DifferenceTable pictures={pictures} />
    </>
  );
}

/** As square an arrangement as the number allows: 2 → 2, 4 → 2, 9 → 3, 20 → 5. */
export const columns = (count: number) => (count < 4 ? count : Math.ceil(Math.sqrt(count)));

function soloActions(pictures: Picture[], solo: number | null, set: (at: number | null) => void) {
  return pictures.map(
    (picture, at): Action => ({
      id: `solo-${at}`,
      label: `${frameNumber(picture.index)} ${picture.model}`,
      group: 'Compare',
      ...(at < 9 ? { keys: String(at + 1) } : {}),
      run: () => set(solo === at ? null : at),
    }),
  );
}

const sliderAction = (pictures: Picture[], run: () => void): Action => ({
  id: 'slider',
  label: 'Over each other',
  group: 'Compare',
  keys: 'O',
  enabled: pictures.length === 2,
  run,
});
