import { expect, it } from 'vitest';
import { cellText, formatOf } from './table';

it('a file is known by its name', () => {
  expect(['rows.CSV', 'a.b.tsv', 'x.ndjson', 'x.json', 'x.xlsx', 'csv.'].map(formatOf)).toEqual([
    'csv',
    'csv',
    'jsonl',
    'json',
    null,
    null,
  ]);
});

it('a path leads to its value, and nowhere without a fault', () => {
  const row = { product: { name: 'a lamp', tags: ['x'] }, 'a.b': 1, none: null, no: false };
  const paths = ['product.name', 'product.tags', 'a.b', 'none', 'none.deeper', 'other.way', 'no'];
  expect(paths.map((path) => cellText(row, path))).toEqual([
    'a lamp',
    '["x"]',
    '1',
    '',
    '',
    '',
    'false',
  ]);
});
