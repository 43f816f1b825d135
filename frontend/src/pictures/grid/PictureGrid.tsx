import { type CSSProperties, type ReactNode, useRef } from 'react';
import type { Action } from '../../lib/actions';
import { createStored } from '../../lib/stored';
import { ActionButton } from '../../ui/Button';
import { useActions } from '../../ui/useActions';
import { useStore } from '../../ui/useStore';
import { useRoom } from '../useRoom';
import { type Grid, gridOf, sizeFor, USUAL } from './gridLayout';
import styles from './PictureGrid.module.css';

/** How large people want to see pictures in a grid: the side of a square, in CSS pixels. */
export const sizeStore = createStored('picture-size', USUAL);

interface PictureGridProps {
  /** How many pictures there are or will be. */
  count: number;
  /** The shape that was asked for, as `16:9`. */
  shape: unknown;
  /** What stands beside the control of the size. */
  tools?: ReactNode;
  children: ReactNode;
}

const ratioOf = (shape: unknown): number => {
  const [width = 1, height = 1] = typeof shape === 'string' ? shape.split(':').map(Number) : [];
  return width / height || 1;
};

/** Pictures in rows, from one on the screen to all at once; the size is kept from run to run. */
export function PictureGrid({ count, shape, tools, children }: PictureGridProps) {
  const place = useRef<HTMLDivElement>(null);
  const room = useRoom(place);
  const size = useStore(sizeStore);
  const ratio = ratioOf(shape);
  const grid = room?.width
    ? gridOf(size, count, ratio, room, innerHeight)
    : { columns: 1, width: 0, most: 1 };
  const resize = (columns: number) =>
    room && sizeStore.set(sizeFor(columns, grid.most, ratio, room));
  const style = {
    '--columns': grid.columns,
    '--width': grid.width ? `${grid.width}px` : '1fr',
  } as CSSProperties;
  return (
    <>
      <div className={styles.tools}>
        {tools}
        <SizeControl grid={grid} resize={resize} />
      </div>
      <div ref={place}>
        <ul className={styles.grid} style={style} aria-label="Pictures">
          {children}
        </ul>
      </div>
      <p className={styles.legend}>
        = what the provider has billed &nbsp;·&nbsp; ≈ estimated from its price list
      </p>
    </>
  );
}

interface SizeControlProps {
  grid: Grid;
  resize(columns: number): void;
}

function SizeControl({ grid: { columns, most }, resize }: SizeControlProps) {
  const action = (id: string, label: string, keys: string, to: number): Action => ({
    id,
    label,
    group: 'Picture',
    keys,
    enabled: to >= 1 && to <= most && to !== columns,
    run: () => resize(to),
  });
  const larger = action('larger', 'Larger pictures', '=', columns - 1);
  const smaller = action('smaller', 'Smaller pictures', '-', columns + 1);
  useActions([larger, smaller, action('all-at-once', 'All at once', 'A', most)]);
  return (
    <div className={styles.size}>
      <ActionButton action={smaller} icon="minus" bare />
      <input
        type="range"
        min={0}
        max={Math.max(1, most - 1)}
        disabled={most === 1}
        value={most - columns}
        aria-label="Picture size"
        aria-valuetext={`${columns} in a row`}
        onChange={(event) => resize(most - event.target.valueAsNumber)}
      />
      <ActionButton action={larger} icon="plus" bare />
    </div>
  );
}
