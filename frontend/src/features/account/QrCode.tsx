import { encode } from 'uqr';
import styles from './Form.module.css';

/** What scanners ask for around a code, in its own squares. */
const QUIET = 4;

/** A text as squares for a camera, black on white in either theme. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const squares = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return (
    <svg className={styles.code} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path className={styles.light} d={`M0 0h${size}v${size}h-${size}z`} />
      <path className={styles.dark} d={squares.join('')} shapeRendering="crispEdges" />
    </svg>
  );
}
