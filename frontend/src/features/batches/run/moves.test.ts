import { expect, it } from 'vitest';
import { moved } from './moves';

const bounds = { rows: 100, columns: 4, page: 5 };
const from = { row: 10, column: 2 };
const to = (key: string, control = false, at = from) => {
  const { row, column } = moved(at, key, control, bounds) ?? { row: -1, column: -1 };
  return [row, column];
};

it('arrows, pages and ends lead as they do in every grid', () => {
  expect(to('ArrowUp')).toEqual([9, 2]);
  expect(to('ArrowDown')).toEqual([11, 2]);
  expect(to('ArrowLeft')).toEqual([10, 1]);
  expect(to('ArrowRight')).toEqual([10, 3]);
  expect(to('PageUp')).toEqual([5, 2]);
  expect(to('PageDown')).toEqual([15, 2]);
  expect(to('Home')).toEqual([10, 0]);
  expect(to('End')).toEqual([10, 3]);
  expect(to('Home', true)).toEqual([0, 0]);
  expect(to('End', true)).toEqual([99, 3]);
});

it('no key leads out of it', () => {
  const [first, last] = [
    { row: 0, column: 0 },
    { row: 99, column: 3 },
  ];
  for (const key of ['ArrowUp', 'ArrowLeft', 'PageUp'])
    expect(to(key, false, first)).toEqual([0, 0]);
  for (const key of ['ArrowDown', 'ArrowRight', 'PageDown'])
    expect(to(key, false, last)).toEqual([99, 3]);
});

it('the first key leads into it, and other keys mean nothing', () => {
  expect(moved(null, 'ArrowDown', false, bounds)).toEqual({ row: 0, column: 0 });
  expect(moved(from, 'a', false, bounds)).toBeNull();
});
