import { expect, it } from 'vitest';
import { batch, cell, row } from '../testing/samples';
import { cellOf, columnName, columnsOf, outputText, picturesOf, summary } from './columns';

const columns = columnsOf(batch());
const url = '/group-images/b/1.png?e=1&s=x';
const drawn = cell({ step: 'picture', model: 'Model Two', imageUrl: url, width: 64, height: 32 });

it('a row has a column for each step, model and combination, in their order', () => {
  expect(columns.map(columnName)).toEqual([
    'brief, Writer',
    'picture, Model One',
    'picture, Model Two',
  ]);
  const [first] = columnsOf({
    columns: [{ step: 'picture', kind: 'image', models: ['A', 'B'], points: 2 }],
  });
  expect(first && columnName(first)).toBe('picture, A, variant 1');
});

it('a judge has a column for each picture, and its cells are found by what they are about', () => {
  const judge = { step: 'check', kind: 'judge' as const, models: ['Judge'], points: 1 };
  const all = columnsOf({ columns: [...batch().columns, judge] });
  expect(all.slice(3).map(columnName)).toEqual([
    'check of Model One, Judge',
    'check of Model Two, Judge',
  ]);
  const of = { step: 'picture', model: 'Model Two', point: 0 };
  const verdict = cell({ step: 'check', model: 'Judge', point: 1, of });
  const made = row({ cells: [verdict] });
  expect(all.map((column) => cellOf(made, column))).toEqual([...Array(4).fill(undefined), verdict]);
});

it('a cell is found by step, model and combination, whatever the order', () => {
  const made = row({ cells: [drawn, cell({ output: 'x' })] });
  expect(columns.map((column) => cellOf(made, column))).toEqual([made.cells[1], undefined, drawn]);
  expect(cellOf(undefined, columns[0] as never)).toBeUndefined();
});

it('a row is known by the first texts of its data, however deep', () => {
  expect(summary({ product: { name: 'a lamp', dark: true, price: 3 }, style: 'ink' })).toBe(
    'a lamp · 3 · ink',
  );
  expect(summary(null)).toBe('');
});

it('a text is shown as it is, fields as JSON, a verdict with its score first', () => {
  expect(outputText('A lamp.')).toBe('A lamp.');
  expect(outputText({ title: 'x' })).toBe('{\n  "title": "x"\n}');
  expect(outputText({ score: 4, reason: 'It shows it.' })).toBe('4 of 5. It shows it.');
  expect(outputText(null)).toBe('');
});

it('the viewer gets the pictures of a row under their columns’ numbers, with their type', () => {
  const [picture, ...others] = picturesOf(row({ cells: [cell(), drawn] }), columns);
  expect(others).toEqual([]);
  expect(picture).toMatchObject({
    index: 3,
    model: 'Model Two',
    imageUrl: url,
    contentType: 'image/png',
    width: 64,
  });
});
