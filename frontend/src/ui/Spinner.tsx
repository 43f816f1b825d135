import styles from './Spinner.module.css';

const CELLS = Array.from({ length: 9 }, (_, cell) => cell);

interface SignProps {
  size?: number;
}

/** The product's sign: nine pixels. */
export const Logo = ({ size = 20 }: SignProps) => <Pixels className={styles.logo} size={size} />;

/** The sign while something is being waited for: its pixels develop one after the other. */
export const Spinner = ({ size = 20 }: SignProps) => <Pixels className={styles.busy} size={size} />;

function Pixels({ className, size }: { className: string | undefined; size: number }) {
  return (
    <svg aria-hidden="true" className={className} width={size} height={size} viewBox="0 0 22 22">
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
