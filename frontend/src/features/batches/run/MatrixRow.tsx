import { memo } from 'react';
import type { Cell, Row } from '../../../api/batches';
import {
  cellOf,
  columnName,
  type MatrixColumn,
  outputText,
  summary,
} from '../../../pictures/columns';
import { useSteady } from '../../../pictures/useSteady';
import { Icon } from '../../../ui/Icon';
import { Spinner } from '../../../ui/Spinner';
import { GridPart } from './GridPart';
import matrix from './Matrix.module.css';
import { cellId } from './useGrid';

interface MatrixRowProps {
  /** Its place in the list, from 0. */
  index: number;
  row: Row | undefined;
  columns: MatrixColumn[];
  /** The column that the keys mean, if it is in this row. */
  active: number | null;
  id: string;
}

/** A row of the matrix; what it is made of comes in later. */
export const MatrixRow = memo(function MatrixRow(props: MatrixRowProps) {
  const { index, row, columns, active, id } = props;
  const common = (column: number) => ({
    id: cellId(id, index, column),
    'aria-colindex': column + 1,
    'data-cell': `${index}.${column}`,
    'data-active': active === column || undefined,
    tabIndex: -1,
  });
  return (
    <GridPart role="row" aria-rowindex={index + 2} className={matrix.row} data-state={row?.state}>
      <GridPart role="rowheader" className={matrix.number} {...common(0)}>
        <span>{row?.row ?? '…'}</span>
        <span className={matrix.words} dir="auto">
          {row && summary(row.data)}
        </span>
        {row && <span className={matrix.rowState}>{row.state}</span>}
      </GridPart>
      {columns.map((column, n) => (
        <GridPart key={column.key} role="gridcell" {...common(n + 1)}>
          <Content row={row} column={column} cell={cellOf(row, column)} />
        </GridPart>
      ))}
    </GridPart>
  );
});

interface ContentProps {
  row: Row | undefined;
  column: MatrixColumn;
  cell: Cell | undefined;
}

function Content({ row, column, cell }: ContentProps) {
  if (cell?.state === 'running')
    return (
      <span className={matrix.middle}>
        <Spinner size={22} />
        <span className="visually-hidden">being made</span>
      </span>
    );
  if (cell?.state === 'failed')
    return (
      <span className={matrix.failed}>
        <Icon name="warning" size={16} /> {cell.error ?? 'failed'}
      </span>
    );
  if (cell?.imageUrl)
    return <Thumb url={cell.imageUrl} alt={`Row ${row?.row}: ${columnName(column)}`} />;
  if (cell) return <span className={matrix.words}>{outputText(cell.output)}</span>;
  const word = row?.state === 'done' || row?.state === 'failed' ? 'skipped' : 'waiting';
  return <span className="visually-hidden">{row ? word : 'loading'}</span>;
}

function Thumb({ url, alt }: { url: string; alt: string }) {
  const [src, isHere] = useSteady(url);
  return (
    <img
      className={matrix.thumb}
      src={src}
      alt={alt}
      loading="lazy"
      decoding="async"
      onLoad={isHere}
    />
  );
}
