import { useState } from 'react';
import { cssRatio } from '../lib/format';
import styles from './Frame.module.css';
import type { Picture } from './select';

interface FrameProps {
  picture: Picture;
  alt: string;
  /** The ratio of the place kept for it, so that nothing moves when it lands. */
  ratio: unknown;
}

/** A picture on its mat: whole, never cropped, fading in once it is decoded. */
export function Frame({ picture, alt, ratio }: FrameProps) {
  const [shown, setShown] = useState(false);
  const source = picture.thumbUrl ?? picture.imageUrl;
  return (
    <span className={styles.mat} style={{ aspectRatio: cssRatio(ratio) }}>
      <img
        className={styles.picture}
        data-shown={shown || undefined}
        src={source}
        alt={alt}
        width={picture.width ?? undefined}
        height={picture.height ?? undefined}
        fetchPriority="high"
        elementtiming={`picture-${picture.index}`}
        onLoad={() => setShown(true)}
      />
    </span>
  );
}
