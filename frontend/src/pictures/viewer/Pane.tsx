import { type CSSProperties, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { RunName } from '../names';
import type { Picture } from '../select';
import { takeOut } from '../takeOut';
import { useSteady } from '../useSteady';
import styles from './Pane.module.css';
import { closerScale, cssTransform } from './transform';
import { type Gestures, useGestures } from './useGestures';
import { isBeside, pixelsOf, type SyncedView, toggled } from './useSyncedView';

interface PaneProps extends Pick<Gestures, 'inPage' | 'onSwipe' | 'onGrab' | 'onDrag'> {
  run: RunName;
  pictures: Picture[];
  alt: string;
  synced: SyncedView;
  /** How each picture lies over those before it, when there are several. */
  layerStyle?: (layer: number) => CSSProperties;
  /** A click beside the whole picture. */
  onBeside?: () => void;
  children?: ReactNode;
}

/** A window onto a picture, or onto several laid over each other, moved by the shared view. */
export function Pane({
  run,
  pictures,
  alt,
  synced,
  layerStyle,
  onBeside,
  children,
  ...gestures
}: PaneProps) {
  const pane = useRef<HTMLDivElement>(null);
  const { view, setView, setPane } = synced;
  const [first] = pictures;
  const closer = closerScale(pixelsOf(synced, first));
  const whole = view.scale === 1;
  useGestures(pane, {
    ...gestures,
    view,
    setView,
    onClick: (point) =>
      onBeside && whole && isBeside(point, synced, first)
        ? onBeside()
        : setView(() => toggled(synced, first, point)),
  });
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return;
    const measure = () => setPane({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    return () => observer.disconnect();
  }, [setPane]);
  return (
    <div
      ref={pane}
      className={styles.pane}
      data-click={gestures.onGrab && whole ? 'grab' : whole && closer > 1 ? 'in' : 'out'}
      data-zoomed={view.scale > 1 || undefined}
      data-in-page={gestures.inPage || undefined}
    >
      {pictures.map((picture, layer) => (
        <div key={picture.index} className={styles.layer} style={layerStyle?.(layer)}>
          <Layer
            run={run}
            picture={picture}
            alt={alt}
            transform={cssTransform(view)}
            draggable={whole && !gestures.onGrab}
          />
        </div>
      ))}
      {children}
    </div>
  );
}

interface LayerProps {
  run: RunName;
  picture: Picture;
  alt: string;
  transform: string;
  draggable: boolean;
}

/** The preview first, then the full picture over it. */
function Layer({ run, picture, alt, transform, draggable }: LayerProps) {
  const [full, setFull] = useState(false);
  const [preview] = useState(picture.previewUrl ?? picture.thumbUrl);
  const [whole, wholeIsHere] = useSteady(picture.imageUrl);
  const [begun, setBegun] = useState(!preview);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the picture in it is what is dragged out.
    <div
      className={styles.moved}
      style={{ transform }}
      data-transform
      draggable={draggable}
      onDragStart={(event) => takeOut(event, run, picture)}
    >
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
          draggable={draggable && full}
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
