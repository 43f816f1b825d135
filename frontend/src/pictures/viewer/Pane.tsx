import { type CSSProperties, type ReactNode, useRef, useState } from 'react';
import type { Picture } from '../select';
import { useSteady } from '../useSteady';
import styles from './Pane.module.css';
import { cssTransform } from './transform';
import { useGestures } from './useGestures';
import type { SyncedView } from './useSyncedView';

interface PaneProps {
  pictures: Picture[];
  alt: string;
  synced: SyncedView;
  /** How the second picture lies over the first, when there are two. */
  overStyle?: CSSProperties;
  children?: ReactNode;
}

/** A window onto a picture, or onto two laid over each other, moved by the shared view. */
export function Pane({ pictures, alt, synced, overStyle, children }: PaneProps) {
  const pane = useRef<HTMLDivElement>(null);
  useGestures(pane, synced.setView);
  return (
    <div ref={pane} className={styles.pane} data-zoomed={synced.view.scale > 1 || undefined}>
      {pictures.map((picture, layer) => (
        <div key={picture.index} className={styles.layer} style={layer > 0 ? overStyle : undefined}>
          <Layer picture={picture} alt={alt} transform={cssTransform(synced.view)} />
        </div>
      ))}
      {children}
    </div>
  );
}

/** The preview first, then the full picture over it. */
function Layer({ picture, alt, transform }: { picture: Picture; alt: string; transform: string }) {
  const [full, setFull] = useState(false);
  const [preview] = useState(picture.previewUrl ?? picture.thumbUrl);
  const [whole, wholeIsHere] = useSteady(picture.imageUrl);
  const [begun, setBegun] = useState(!preview);
  return (
    <div className={styles.moved} style={{ transform }} data-transform>
      {!full && preview && (
        <img
          className={styles.picture}
          src={preview}
          alt={begun ? '' : alt}
          draggable={false}
          onLoad={() => setBegun(true)}
          onError={() => setBegun(true)}
        />
      )}
      {begun && (
        <img
          className={styles.picture}
          src={whole}
          alt={alt}
          draggable={false}
          decoding="async"
          data-full={full || undefined}
          onLoad={() => {
            wholeIsHere();
            setFull(true);
          }}
        />
      )}
    </div>
  );
}
