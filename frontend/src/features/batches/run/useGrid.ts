import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { moved, type Place } from './moves';
import { scrollTo, windowOf } from './window';

/** The height of a row and of the header, in rem; the styles say the same. */
const ROW_REM = 7;
const HEAD_REM = 3;

export const cellId = (id: string, row: number, column: number) => `${id}-${row}-${column}`;

/** A grid of rows of one height: what of it is in sight, and which cell its keys mean. */
export function useGrid(
  rows: number,
  columns: number,
  onOpen: (row: number, column: number) => void,
) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const [active, setActive] = useState<Place | null>(null);
  const { view, rem } = useSize(box);
  const window = windowOf(rows, rem * ROW_REM, scroll, view);
  const isShown = active && active.row >= window.from && active.row < window.to;
  const show = (place: Place) => {
    setActive(place);
    const element = box.current;
    if (element)
      element.scrollTop = scrollTo(place.row, rows, rem * ROW_REM, element.scrollTop, view);
    requestAnimationFrame(() =>
      document.getElementById(cellId(id, place.row, place.column))?.scrollIntoView({
        block: 'nearest',
        inline: 'nearest',
      }),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey || rows === 0) return;
    const opens = event.key === 'Enter' || event.key === ' ';
    const page = Math.max(1, Math.floor(view / (rem * ROW_REM)));
    const next = moved(active, event.key, event.ctrlKey, { rows, columns, page });
    if (!next && !opens) return;
    event.preventDefault();
    if (next) show(next);
    else if (active) onOpen(active.row, active.column);
  };
  const onClick = ({ target }: MouseEvent) => {
    const cell = (target as Element).closest<HTMLElement>('[data-cell]')?.dataset.cell;
    if (!cell) return;
    const [row = 0, column = 0] = cell.split('.').map(Number);
    setActive({ row, column });
    onOpen(row, column);
  };
  const props = {
    ref: box,
    tabIndex: 0,
    'aria-activedescendant': isShown ? cellId(id, active.row, active.column) : undefined,
    onScroll: () => setScroll(box.current?.scrollTop ?? 0),
    onFocus: () => active ?? (rows > 0 && setActive({ row: window.from, column: 0 })),
    onKeyDown,
    onClick,
  };
  return { id, window, active, props };
}

/** How tall the window onto the rows is, and how large the reader's letters are. */
function useSize(box: RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ view: 600, rem: 16 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
      setSize({ view: Math.max(0, element.clientHeight - rem * HEAD_REM), rem });
    };
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return size;
}
