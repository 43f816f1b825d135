import type { Check, SeedData } from '../../../api/batches';
import { plural } from '../../../lib/format';

export interface Found {
  line: number;
  column: number;
  text: string;
}

/** Each problem once, in the order of lines, with the rows that have it. */
export function found(problems: Check['problems']): Found[] {
  const groups = new Map<string, Found & { rows: number[] }>();
  for (const { line, column, problem, row } of problems) {
    const key = JSON.stringify([line, column, problem]);
    const known = groups.get(key) ?? { line, column, text: problem, rows: [] };
    groups.set(key, { ...known, rows: row == null ? known.rows : [...known.rows, row + 1] });
  }
  return [...groups.values()]
    .map(({ line, column, text, rows }) => ({
      line,
      column,
      text: rows.length > 0 ? `${text} (${rowNames(rows)})` : text,
    }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

const rowNames = (rows: number[]): string =>
  rows.length > 4
    ? `row ${rows.slice(0, 3).join(', ')} and ${rows.length - 3} more`
    : `row ${rows.join(', ')}`;

export interface Required {
  path: string;
  fits: boolean;
  text: string;
}

/** Whether the data has what a template requires in every row. */
export function required(requires: string[], data: SeedData | undefined): Required[] {
  return requires.map((path) => {
    if (data?.state !== 'ready') return { path, fits: false, text: 'no data yet' };
    const exact = data.paths.find((known) => known.path === path);
    const beneath = data.paths.some(
      (known) => /^[.[]/.test(known.path.slice(path.length)) && known.path.startsWith(path),
    );
    if (!exact) {
      return beneath
        ? { path, fits: true, text: 'in the data' }
        : { path, fits: false, text: 'not in the data' };
    }
    if (exact.missing === 0) return { path, fits: true, text: 'in every row' };
    return { path, fits: false, text: `missing in ${plural(exact.missing, 'row')}` };
  });
}

/** Where in a text a line and column are, counted from 1. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(before + Math.min(column - 1, lines[line - 1]?.length ?? 0), text.length);
}
