export interface Place {
  row: number;
  column: number;
}

interface Bounds {
  rows: number;
  columns: number;
  /** Rows that are seen at once. */
  page: number;
}

/** Where a key leads in a grid; null for keys that lead nowhere. The first leads into it. */
export function moved(
  from: Place | null,
  key: string,
  control: boolean,
  { rows, columns, page }: Bounds,
): Place | null {
  const { row, column } = from ?? { row: 0, column: 0 };
  const to: Record<string, Place> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
    Home: { row: control ? 0 : row, column: 0 },
    End: { row: control ? rows - 1 : row, column: columns - 1 },
  };
  const next = to[key];
  if (!next) return null;
  if (!from) return { row, column };
  return {
    row: Math.min(Math.max(next.row, 0), rows - 1),
    column: Math.min(Math.max(next.column, 0), columns - 1),
  };
}
