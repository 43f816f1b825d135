import type { Batch } from '../../api/batches';
import styles from './Batches.module.css';

const PARTS = ['done', 'failed', 'running'] as const;

/** How far the rows are, as a line; the numbers beside it say the same. */
export function RowsBar({ rows }: { rows: Batch['rows'] }) {
  return (
    <span className={styles.rowsBar} aria-hidden="true">
      {PARTS.map((part) => (
        <i key={part} data-part={part} style={{ flexGrow: rows[part] }} />
      ))}
      <i style={{ flexGrow: rows.total - rows.done - rows.failed - rows.running }} />
    </span>
  );
}
