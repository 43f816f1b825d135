import styles from './Mark.module.css';

const CELLS = Array.from({ length: 9 }, (_, cell) => cell);

/** The product's sign, nine pixels; while `busy`, they develop one after the other. */
export function Mark({ busy = false, size = 20 }: { busy?: boolean; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className={busy ? styles.busy : styles.mark}
      width={size}
      height={size}
      viewBox="0 0 22 22"
    >
      {CELLS.map((cell) => (
        <rect
          key={cell}
          x={(cell % 3) * 8}
          y={Math.floor(cell / 3) * 8}
          width="6"
          height="6"
          rx="1.2"
        />
      ))}
    </svg>
  );
}
