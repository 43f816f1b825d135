import { type CSSProperties, lazy, Suspense, useState } from 'react';
import type { Batch, RowState } from '../../../api/batches';
import { plural } from '../../../lib/format';
import { columnsOf, type MatrixColumn } from '../../../pictures/columns';
import { Notice } from '../../../ui/Notice';
import { useSearchParam } from '../../../ui/useSearchParam';
import styles from '../Batches.module.css';
import { large } from '../words';
import { Failed } from './Failed';
import type { Where } from './failedRows';
import { GridPart } from './GridPart';
import matrix from './Matrix.module.css';
import { MatrixRow } from './MatrixRow';
import { useGrid } from './useGrid';
import { useRows } from './useRows';

const RowDialog = lazy(() => import('./RowDialog'));

/** The least width of a column in rem, and its part of what is left. */
const WIDTHS = { text: [15, 2], image: [8, 1], judge: [11, 1] } as const;

function widthsOf(columns: MatrixColumn[]): CSSProperties {
  const widths = columns.map(({ kind }) => WIDTHS[kind]);
  return {
    '--widths': widths.map(([least, part]) => `minmax(${least}rem, ${part}fr)`).join(' '),
    '--least': `${widths.reduce((sum, [least]) => sum + least, 0)}rem`,
  } as CSSProperties;
}

/** Every row by every model, as it comes; only what is in sight is there. */
export function Matrix({ batch }: { batch: Batch }) {
  const [state, setState] = useState<RowState | null>(null);
  const [where, setWhere] = useState<Where>('');
  const [opened, open] = useSearchParam('cell');
  const choose = (next: RowState | null) => {
    setState(next);
    setWhere('');
  };
  return (
    <section className={styles.matrix} aria-label="Rows">
      <div className={styles.head}>
        <h2>Rows</h2>
        <Filter batch={batch} state={state} onState={choose} />
      </div>
      {state === 'failed' && <Failed batch={batch} where={where} onWhere={setWhere} />}
      <Grid
        key={`${state} ${where}`}
        batch={batch}
        state={state}
        where={where}
        onOpen={(cell) => open(cell)}
      />
      <Suspense>
        {opened && <RowDialog batch={batch} cell={opened} onShow={(cell) => open(cell)} />}
      </Suspense>
    </section>
  );
}

const STATES = ['waiting', 'running', 'done', 'failed'] as const;

interface FilterProps {
  batch: Batch;
  state: RowState | null;
  onState(state: RowState | null): void;
}

function Filter({ batch: { rows }, state, onState }: FilterProps) {
  const shown = STATES.filter((name) => rows[name] > 0 || name === state);
  return (
    <fieldset className={styles.filter}>
      <legend className="visually-hidden">Which rows</legend>
      <button type="button" aria-pressed={state === null} onClick={() => onState(null)}>
        all <span>{large(rows.total)}</span>
      </button>
      {shown.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={state === name}
          onClick={() => onState(name)}
        >
          {name} <span>{large(rows[name])}</span>
        </button>
      ))}
    </fieldset>
  );
}

interface GridProps {
  batch: Batch;
  state: RowState | null;
  /** Of failed rows, which. */
  where: Where;
  onOpen(cell: string): void;
}

function Grid({ batch, state, where, onOpen }: GridProps) {
  const columns = columnsOf(batch);
  const [loaded, setLoaded] = useState(state === null ? batch.rows.total : 0);
  const count = state === null ? batch.rows.total : loaded;
  const grid = useGrid(count, columns.length + 1, (row, column) => {
    const found = rows.at(row);
    if (found) onOpen(`${found.row}.${column}`);
  });
  const rows = useRows(batch, { state, where }, grid.window.from, grid.window.to);
  if (rows.count !== loaded) setLoaded(rows.count);
  const shown = Array.from({ length: grid.window.to - grid.window.from }, (_, n) => n);
  if (rows.error && count === 0)
    return (
      <Notice title="The rows cannot be shown" tone="bad">
        <p>{rows.error.message}</p>
      </Notice>
    );
  return (
    <>
      <GridPart
        {...grid.props}
        role="grid"
        aria-label={`${batch.name}: ${plural(count, 'row')} by step and model`}
        aria-rowcount={count + 1}
        aria-colcount={columns.length + 1}
        className={matrix.grid}
        style={widthsOf(columns)}
      >
        <MatrixHead columns={columns} />
        <GridPart role="rowgroup" className={matrix.body} style={{ height: grid.window.height }}>
          <div className={matrix.shown} style={{ transform: `translateY(${grid.window.top}px)` }}>
            {shown.map((n) => (
              <MatrixRow
                key={grid.window.from + n}
                index={grid.window.from + n}
                row={rows.at(grid.window.from + n)}
                columns={columns}
                active={grid.active?.row === grid.window.from + n ? grid.active.column : null}
                id={grid.id}
              />
            ))}
          </div>
        </GridPart>
      </GridPart>
      {count === 0 && <p className={styles.hint}>No row is in this state.</p>}
    </>
  );
}

function MatrixHead({ columns }: { columns: MatrixColumn[] }) {
  return (
    <GridPart role="row" aria-rowindex={1} className={`${matrix.row} ${matrix.head}`}>
      <GridPart role="columnheader" aria-colindex={1} className={matrix.number}>
        Row
      </GridPart>
      {columns.map(({ key, step, model, point, of }, index) => (
        <GridPart key={key} role="columnheader" aria-colindex={index + 2}>
          <small>{of ? `${step}, ${model}` : step}</small> <span>{of?.model ?? model}</span>
          {point > 0 && <small> {point}</small>}
        </GridPart>
      ))}
    </GridPart>
  );
}
