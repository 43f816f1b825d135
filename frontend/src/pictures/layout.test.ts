import { expect, it } from 'vitest';
import { arrange } from './layout';

const ROOM = { width: 1400, height: 760, gap: 8, extra: 28 };
const PHONE = { width: 370, height: 700, gap: 8, extra: 28 };
const of = (count: number, ratio: number) => Array.from({ length: count }, () => ratio);

/** The share of the whole arrangement that its pictures take. */
function share(count: number, ratio: number, room: typeof ROOM): number {
  const { columns, width, height } = arrange(of(count, ratio), room, 150);
  const fit = Math.min(width, height * ratio);
  const rows = Math.ceil(count / columns);
  const wide = columns * width + (columns - 1) * room.gap;
  return (count * fit * fit) / ratio / (wide * rows * (height + room.extra));
}

it.each([
  [2, 1, 2],
  [3, 1, 3],
  [9, 1, 5],
  [9, 9 / 16, 5],
  [4, 16 / 9, 2],
])('%i pictures of ratio %f have the most room in %i columns', (count, ratio, columns) => {
  expect(arrange(of(count, ratio), ROOM, 100).columns).toBe(columns);
});

it('no arrangement is more than two fifths void', () => {
  for (const room of [ROOM, PHONE])
    for (const ratio of [1, 9 / 16])
      for (const count of [2, 3, 4, 9])
        expect(share(count, ratio, room), `${count} of ${ratio}`).toBeGreaterThan(0.6);
});

it('pictures that would be too narrow all at once are scrolled', () => {
  const { columns, width } = arrange(of(9, 1), PHONE, 160);
  expect([columns, width]).toEqual([2, 181]);
});

it('all fit the window otherwise', () => {
  for (let count = 2; count <= 9; count++) {
    const { columns, height } = arrange(of(count, 1), ROOM, 160);
    const rows = Math.ceil(count / columns);
    expect(rows * (height + 28) + (rows - 1) * 8).toBeLessThanOrEqual(ROOM.height);
  }
});
