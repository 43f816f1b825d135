import { type KeyboardEvent, useState } from 'react';
import type { Picture } from '../../pictures/select';
import { Pane } from '../../pictures/viewer/Pane';
import type { SyncedView } from '../../pictures/viewer/useSyncedView';
import { Button } from '../../ui/Button';
import styles from './Overlay.module.css';

interface OverlayProps {
  pictures: Picture[];
  prompt: string;
  synced: SyncedView;
}

/** Two pictures in one place: a divider between them, or the whole second one while held. */
export function Overlay({ pictures, prompt, synced }: OverlayProps) {
  const [share, setShare] = useState(50);
  const [flicked, setFlicked] = useState(false);
  const [first, second] = pictures;
  const cut = flicked ? 0 : share;
  const hold = (event: KeyboardEvent, down: boolean) => {
    if (event.key === ' ' || event.key === 'Enter') setFlicked(down);
  };
  return (
    <div className={styles.overlay}>
      <div className={styles.names} aria-hidden="true">
        <span>{first?.model}</span>
        <span>{second?.model}</span>
      </div>
      <Pane
        pictures={pictures}
        alt={`${first?.model} and ${second?.model}: ${prompt}`}
        synced={synced}
        overStyle={{ clipPath: `inset(0 0 0 ${cut}%)` }}
      >
        {!flicked && <span className={styles.divider} style={{ left: `${share}%` }} />}
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
    </div>
  );
}
