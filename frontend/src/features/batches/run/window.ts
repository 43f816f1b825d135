/** Browsers stop counting somewhere beyond ten million pixels. */
const TALLEST = 8_000_000;
/** Rows beyond the edges, so that none comes late. */
const SPARE = 3;

export interface Window {
  /** How tall all rows together are made, in pixels. */
  height: number;
  /** The first row that is shown, and the one after the last. */
  from: number;
  to: number;
  /** Where the first row lies. */
  top: number;
}

/** Which of many rows of one height are to be seen; more than fit a page share its length. */
export function windowOf(count: number, row: number, scroll: number, view: number): Window {
  const whole = count * row;
  const height = Math.min(whole, TALLEST);
  const [real, seen] = [Math.max(whole - view, 0), Math.max(height - view, 0)];
  const at = seen === 0 ? 0 : (Math.min(Math.max(scroll, 0), seen) * real) / seen;
  const from = Math.max(0, Math.floor(at / row) - SPARE);
  const to = Math.min(count, Math.ceil((at + view) / row) + SPARE);
  return { height, from, to, top: from * row + Math.max(scroll, 0) - at };
}

/** How far to scroll so that a row is wholly seen; the same place when it is already. */
export function scrollTo(
  index: number,
  count: number,
  row: number,
  scroll: number,
  view: number,
): number {
  const whole = count * row;
  const [real, seen] = [Math.max(whole - view, 0), Math.max(Math.min(whole, TALLEST) - view, 0)];
  if (real === 0) return 0;
  const at = (scroll * real) / seen;
  const wanted = Math.min(Math.max(at, (index + 1) * row - view), index * row);
  return wanted === at ? scroll : (wanted * seen) / real;
}
