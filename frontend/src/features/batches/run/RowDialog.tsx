import { Link } from 'wouter';
import { type Batch, type Cell, type Row, retryRows } from '../../../api/batches';
import { seconds } from '../../../lib/format';
import {
  cellOf,
  columnName,
  columnsOf,
  outputText,
  picturesOf,
  rowName,
} from '../../../pictures/columns';
import Lightbox from '../../../pictures/viewer/Lightbox';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import styles from '../Batches.module.css';
import { useBatchChange } from '../queries';
import { costOf } from '../words';
import { useRow } from './useRows';

interface RowDialogProps {
  batch: Batch;
  /** Row and column, as `12.3`; column 0 is the row itself. */
  cell: string;
  onShow(cell: string | null): void;
}

/** What the address names: a picture in the viewer, anything else with its whole row. */
export default function RowDialog({ batch, cell, onShow }: RowDialogProps) {
  const [number = 0, column = 0] = cell.split('.').map(Number);
  const { data: row, error } = useRow(batch, number);
  const columns = columnsOf(batch);
  const pictures = picturesOf(row, columns);
  // One dialog after the other would lose the way back to where the focus was.
  if (!row && !error) return null;
  const at = pictures.findIndex(({ index }) => index === column);
  if (row && at >= 0)
    return (
      <Lightbox
        run={{ prompt: rowName(row), createdAt: batch.createdAt }}
        seed={null}
        pictures={pictures}
        at={at}
        onShow={(picture) => onShow(picture ? `${number}.${picture.index}` : null)}
      />
    );
  return (
    <Dialog title={`Row ${number}`} onClose={() => onShow(null)} wide>
      {error && !row && <p role="alert">{error.message}</p>}
      {row && <WholeRow batch={batch} row={row} />}
    </Dialog>
  );
}

function WholeRow({ batch, row }: { batch: Batch; row: Row }) {
  const { change, busy } = useBatchChange(batch.batchId);
  const may = !['planned', 'cancelling', 'cancelled'].includes(batch.state);
  return (
    <div className={styles.wholeRow}>
      <p className={styles.facts}>{row.state}</p>
      {row.error && <p className={styles.problem}>{row.error}</p>}
      {picturesOf(row, columnsOf(batch)).length > 1 && (
        <Link href={`/compare?batch=${batch.batchId}&row=${row.row}`}>Compare its pictures</Link>
      )}
      {row.state === 'failed' && may && (
        <Button
          icon="retry"
          look="outline"
          aria-disabled={busy}
          onClick={() => change(() => retryRows(batch.batchId, [row.row])).catch(() => undefined)}
        >
          Make this row again
        </Button>
      )}
      <h3>Data</h3>
      <pre>{row.data ? JSON.stringify(row.data, null, 2) : 'The data of this row is gone.'}</pre>
      {columnsOf(batch).map((column) => (
        <section key={column.key}>
          <h3>{columnName(column)}</h3>
          <Made cell={cellOf(row, column)} row={row} />
        </section>
      ))}
    </div>
  );
}

function Made({ cell, row }: { cell: Cell | undefined; row: Row }) {
  if (!cell) {
    const over = row.state === 'done' || row.state === 'failed';
    return <p className={styles.facts}>{over ? 'not made' : 'waiting'}</p>;
  }
  const facts = [
    cell.state,
    cell.attempt > 1 && `attempt ${cell.attempt}`,
    cell.seconds != null && seconds(cell.seconds),
    cell.cost && costOf(cell.cost),
  ];
  return (
    <>
      {cell.imageUrl && <img src={cell.imageUrl} alt={`${cell.step}, ${cell.model}`} />}
      {cell.error && <p className={styles.problem}>{cell.error}</p>}
      {cell.output != null && <pre dir="auto">{outputText(cell.output)}</pre>}
      <p className={styles.facts}>{facts.filter(Boolean).join(' · ')}</p>
    </>
  );
}
