import { expect, it } from 'vitest';
import { axesOf, fieldsOf, type OrderFields, orderOf, pointsOf } from './order';

const fields: OrderFields = {
  budget: '2.5',
  choice: 'all',
  count: '7',
  pilot: '',
  repeat: '1',
  concurrency: '20',
  stopAfter: '10',
  priority: 'normal',
  seeds: '',
  guidances: '',
  models: [],
  aspectRatios: [],
};

it('all rows, some or a sample, and only what was chosen', () => {
  expect(orderOf(fields)).toEqual({
    budgetUsd: 2.5,
    rows: {},
    repeat: 1,
    concurrency: 20,
    stopAfterFailures: 10,
    priority: 'normal',
  });
  expect(orderOf({ ...fields, choice: 'first' }).rows).toEqual({ from: 1, to: 7 });
  expect(orderOf({ ...fields, choice: 'sample' }).rows).toEqual({ sample: 7 });
  expect(orderOf({ ...fields, choice: 'sample', draw: '3' }).rows).toEqual({ sample: 7, seed: 3 });
  expect(orderOf({ ...fields, choice: 'between', from: '3', to: '9' }).rows).toEqual({
    from: 3,
    to: 9,
  });
  expect(orderOf({ ...fields, pilot: '3', models: [2, 5] })).toMatchObject({
    pilotRows: 3,
    models: [2, 5],
  });
});

it('axes are read from lists however they are written, each value once', () => {
  const axes = axesOf({ seeds: '1, 2;2  3', guidances: '3.5', aspectRatios: ['1:1', '3:2'] });
  expect(axes).toEqual({ seed: [1, 2, 3], guidance: [3.5], aspectRatio: ['1:1', '3:2'] });
  expect(pointsOf(axes)).toBe(6);
  expect(pointsOf({})).toBe(1);
  expect(orderOf({ ...fields, seeds: '0' }).axes).toEqual({ seed: [0] });
});

it('boxes that are ticked are a list, also one alone', () => {
  const form = new FormData();
  for (const [name, value] of [
    ['models', '4'],
    ['aspectRatios', '1:1'],
    ['aspectRatios', '3:2'],
    ['budget', '5'],
  ] as const)
    form.append(name, value);
  expect(fieldsOf(form)).toMatchObject({
    budget: '5',
    models: [4],
    aspectRatios: ['1:1', '3:2'],
  });
});
