import { expect, it } from 'vitest';
import { picture, result } from '../../testing/samples';
import { arranged } from './order';

const costs = (amount: number | null) =>
  ({ amount, basis: amount === null ? 'unknown' : 'exact' }) as const;

const RESULTS = [
  picture({ index: 1, duration: 9, cost: costs(0.01) }),
  result({ index: 2, status: 'error' }),
  picture({ index: 3, duration: 2, cost: costs(null) }),
  picture({ index: 4, duration: 5, cost: costs(0.005) }),
];

const order = (...how: ['slot' | 'time' | 'cost', boolean]) =>
  arranged(RESULTS, ...how).map(({ index }) => index);

it('pictures come by slot, by time or by cost, and what is unknown last', () => {
  expect(order('slot', false)).toEqual([1, 2, 3, 4]);
  expect(order('time', true)).toEqual([3, 4, 1, 2]);
  expect(order('cost', true)).toEqual([4, 1, 3, 2]);
});

it('what was not drawn comes after all pictures once it is tidied', () => {
  expect(order('slot', true)).toEqual([1, 3, 4, 2]);
});
