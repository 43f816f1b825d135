import { expect, it } from 'vitest';
import type { SeedData } from '../../../api/batches';
import { found, offsetOf, required } from './problems';

const problem = { field: 'steps[0].prompt', line: 4, column: 9, problem: 'a.b is missing' };

it('a problem that many rows have is told once, with the rows', () => {
  const rows = [0, 2, 3, 5, 6];
  const all = found([
    ...rows.map((row) => ({ ...problem, row })),
    { ...problem, line: 2, problem: 'no such tier' },
  ]);
  expect(all).toEqual([
    { line: 2, column: 9, text: 'no such tier' },
    { line: 4, column: 9, text: 'a.b is missing (row 1, 3, 4 and 2 more)' },
  ]);
  expect(found([{ ...problem, row: 1 }])[0]?.text).toBe('a.b is missing (row 2)');
});

it('what is required is ticked off against the data', () => {
  const data = {
    state: 'ready',
    rows: 4,
    paths: [
      { path: 'name', type: 'text', missing: 0 },
      { path: 'product.style', type: 'text', missing: 2 },
    ],
  } as unknown as SeedData;
  const texts = required(['name', 'product.style', 'product', 'colour'], data);
  expect(texts.map(({ text, fits }) => [text, fits])).toEqual([
    ['in every row', true],
    ['missing in 2 rows', false],
    ['in the data', true],
    ['not in the data', false],
  ]);
  expect(required(['name'], undefined)[0]?.text).toBe('no data yet');
});

it('a line and column are a place in the text, also beyond its ends', () => {
  const text = 'ab\ncde\n';
  expect(offsetOf(text, 1, 1)).toBe(0);
  expect(offsetOf(text, 2, 3)).toBe(5);
  expect(offsetOf(text, 2, 99)).toBe(6);
  expect(offsetOf(text, 99, 1)).toBe(7);
});
