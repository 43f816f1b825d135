import { describe, expect, it } from 'vitest';
import { picture } from '../../testing/samples';
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
