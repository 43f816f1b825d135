import { useEffect, useRef, useState } from 'react';
import { backoff } from '../api/queries';
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
  const { failures, failed } = useNewAttempts();
  const { thumbUrl, imageUrl } = picture;
  return (
    <span className={styles.mat} style={{ aspectRatio: cssRatio(ratio) }}>
      <img
        key={failures}
        className={styles.picture}
        data-shown={shown || undefined}
        src={thumbUrl && failures % 2 === 0 ? thumbUrl : imageUrl}
        alt={alt}
        width={picture.width ?? undefined}
        height={picture.height ?? undefined}
        fetchPriority="high"
        elementtiming={`picture-${picture.index}`}
        onLoad={() => setShown(true)}
        onError={failed}
      />
    </span>
  );
}

/** A picture that did not come through is asked for again, in turn by its thumbnail and in full. */
function useNewAttempts() {
  const [failures, setFailures] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const failed = () => {
    timer.current = setTimeout(() => setFailures(failures + 1), backoff(failures));
  };
  return { failures, failed };
}
