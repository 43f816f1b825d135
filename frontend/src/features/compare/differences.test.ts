import { describe, expect, it } from 'vitest';
import { picture } from '../../testing/samples';
import { columns } from './Board';
import { differences } from './differences';

describe('the table of differences', () => {
  it('has only what differs', () => {
    const rows = differences([picture({ seed: 1 }), picture({ seed: 2 })]);
    expect(rows).toEqual([{ name: 'Seed', values: ['1', '2'] }]);
  });

  it('is empty for two of the same', () => {
    expect(differences([picture(), picture()])).toEqual([]);
  });

  it('tells a missing seed from the seed 0', () => {
    const [row] = differences([picture({ seed: 0 }), picture({ seed: null })]);
    expect(row?.values).toEqual(['0', 'none']);
  });
});

it('panes are arranged as squarely as their number allows', () => {
  expect([1, 2, 3, 4, 5, 9, 10, 20].map(columns)).toEqual([1, 2, 3, 2, 3, 3, 4, 5]);
});
