import { useState } from 'react';
import { type Batch, retryRows } from '../../../api/batches';
import { askedAction } from '../../../lib/actions';
import { plural } from '../../../lib/format';
import { columnName, columnsOf } from '../../../pictures/columns';
import { Button } from '../../../ui/Button';
import { showToast } from '../../../ui/toast';
import styles from '../Batches.module.css';
import { useBatchChange } from '../queries';
import { failedRows, type Where } from './failedRows';

interface FailedProps {
  batch: Batch;
  where: Where;
  onWhere(where: Where): void;
}

/** Which of the failed rows are shown, by problem or column, and making just these again. */
export function Failed({ batch, where, onWhere }: FailedProps) {
  const { change, busy } = useBatchChange(batch.batchId);
  const [reading, setReading] = useState(false);
  const again = (rows: number[]) =>
    askedAction.set({
      id: 'retry-these',
      label: 'Make these again',
      group: 'Page',
      ask: `${plural(rows.length, 'row')} that failed there are made again. What they have stays and is not paid again; what failed is asked for and paid anew.`,
      run: () => change(() => retryRows(batch.batchId, rows)).catch(() => undefined),
    });
  const ask = async () => {
    setReading(true);
    await failedRows(batch, where).then(
      (rows) => (rows.length > 0 ? again(rows) : showToast({ text: 'No row failed there.' })),
      (error: Error) => showToast({ text: error.message }),
    );
    setReading(false);
  };
  return (
    <div className={styles.actions}>
      <select
        aria-label="Failed where"
        value={where}
        onChange={({ target }) => onWhere(target.value as Where)}
      >
        <option value="">wherever they failed</option>
        <optgroup label="With the problem">
          {batch.problems.map(({ code, sentence }) => (
            <option key={code + sentence} value={`problem ${code}`}>
              {sentence.slice(0, 80)}
            </option>
          ))}
        </optgroup>
        <optgroup label="In the column">
          {columnsOf(batch).map((column) => (
            <option key={column.key} value={`column ${column.key}`}>
              {columnName(column)}
            </option>
          ))}
        </optgroup>
      </select>
      {!['cancelling', 'cancelled'].includes(batch.state) && (
        <Button icon="retry" look="outline" aria-disabled={busy || reading} onClick={ask}>
          Make these again
        </Button>
      )}
    </div>
  );
}
