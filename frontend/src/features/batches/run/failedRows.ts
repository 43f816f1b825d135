import { type Batch, getRows, MOST_ROWS_PER_PAGE, type Row } from '../../../api/batches';
import { cellKey } from '../../../pictures/columns';

/** As many as are made again at once. */
const MOST_RETRIED = 1000;

/** Where rows failed: anywhere, with one problem, or in one column. */
export type Where = '' | `problem ${string}` | `column ${string}`;

/** Whether a row failed there. */
export function failedAt({ errorCode, cells }: Row, where: Where): boolean {
  if (where.startsWith('problem ')) {
    const code = where.slice('problem '.length);
    return errorCode === code || cells.some((cell) => cell.errorCode === code);
  }
  const key = where.slice('column '.length);
  return where === '' || cells.some((cell) => cell.state === 'failed' && cellKey(cell) === key);
}

/** The numbers of the rows that failed there, as many as may be made again at once. */
export async function failedRows({ batchId }: Batch, where: Where): Promise<number[]> {
  const found: number[] = [];
  let after: number | null = 0;
  while (after !== null && found.length < MOST_RETRIED) {
    const page = await getRows(batchId, after, 'failed', undefined, MOST_ROWS_PER_PAGE);
    found.push(...page.rows.filter((row) => failedAt(row, where)).map(({ row }) => row));
    after = page.next === null ? null : Number(page.next);
  }
  return found.slice(0, MOST_RETRIED);
}
