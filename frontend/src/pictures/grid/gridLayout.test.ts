import { describe, expect, it } from 'vitest';
import { ALL_AT_ONCE, gridOf, sizeFor, USUAL } from './gridLayout';

const DESKTOP = { width: 1008, height: 700 };
const PHONE = { width: 358, height: 300 };
const RATIOS = [1, 9 / 16, 16 / 9];

describe('the grid', () => {
  it.each([
    [1, 3],
    [9 / 16, 4],
    [16 / 9, 2],
  ])('shows pictures of ratio %f at a usual size in %i columns', (ratio, columns) => {
    expect(gridOf(USUAL, 9, ratio, DESKTOP, 900).columns).toBe(columns);
  });

  it('has one column on a phone, and two when they are wanted', () => {
    expect(gridOf(USUAL, 9, 1, PHONE, 844).columns).toBe(1);
    const size = sizeFor(2, 4, 1, PHONE);
    expect(gridOf(size, 9, 1, PHONE, 844).columns).toBe(2);
  });

  it('shows all at once within the window', () => {
    for (const ratio of RATIOS)
      for (const count of [2, 9, 20]) {
        const { columns, width } = gridOf(ALL_AT_ONCE, count, ratio, DESKTOP, 900);
        const rows = Math.ceil(count / columns);
        expect(rows * (width / ratio + 32 + 16), `${count} of ${ratio}`).toBeLessThanOrEqual(716);
      }
  });

  it('never makes a picture higher than the screen', () => {
    for (const ratio of RATIOS)
      expect(gridOf(5000, 9, ratio, DESKTOP, 900).width / ratio).toBeLessThanOrEqual(730);
  });

  it('remembers each number of columns as what it is', () => {
    for (const ratio of RATIOS) {
      const { most } = gridOf(ALL_AT_ONCE, 20, ratio, DESKTOP, 900);
      for (let columns = 1; columns <= most; columns++) {
        const size = sizeFor(columns, most, ratio, DESKTOP);
        expect(gridOf(size, 20, ratio, DESKTOP, 900).columns).toBe(columns);
      }
    }
  });
});
