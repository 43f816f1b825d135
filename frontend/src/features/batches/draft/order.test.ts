import { expect, it } from 'vitest';
import { orderOf } from './order';

const fields = {
  budget: '2.5',
  choice: 'all' as const,
  count: '7',
  pilot: '',
  repeat: '1',
  concurrency: '20',
  stopAfter: '10',
  models: [],
};

it('all rows, some or a sample, and only what was chosen', () => {
  expect(orderOf(fields)).toEqual({
    budgetUsd: 2.5,
    rows: {},
    repeat: 1,
    concurrency: 20,
    stopAfterFailures: 10,
  });
  expect(orderOf({ ...fields, choice: 'first' }).rows).toEqual({ from: 1, to: 7 });
  expect(orderOf({ ...fields, choice: 'sample' }).rows).toEqual({ sample: 7 });
  expect(orderOf({ ...fields, pilot: '3', models: [2, 5] })).toMatchObject({
    pilotRows: 3,
    models: [2, 5],
  });
});
