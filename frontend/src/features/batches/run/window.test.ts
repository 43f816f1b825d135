import { expect, it } from 'vitest';
import { scrollTo, windowOf } from './window';

it('few rows are all shown', () => {
  expect(windowOf(3, 100, 0, 600)).toEqual({ height: 300, from: 0, to: 3, top: 0 });
  expect(windowOf(0, 100, 0, 600)).toEqual({ height: 0, from: 0, to: 0, top: 0 });
});

it('of ten thousand rows only those in sight are shown, where they lie', () => {
  const { height, from, to, top } = windowOf(10_000, 100, 50_000, 600);
  expect(height).toBe(1_000_000);
  expect([from, to, top]).toEqual([497, 509, 49_700]);
});

it.each([10_000, 80_001, 1_000_000])('the last of %i rows can be reached', (count) => {
  const { height } = windowOf(count, 112, 0, 600);
  expect(height).toBeLessThanOrEqual(8_000_000);
  const { from, to, top } = windowOf(count, 112, height - 600, 600);
  expect(to).toBe(count);
  // The last row ends where all ends.
  expect(top + (to - from) * 112).toBeCloseTo(height, 3);
});

it.each([10_000, 1_000_000])('a row of %i that is asked for comes wholly into sight', (count) => {
  for (const index of [0, 7, count / 2, count - 1]) {
    const scroll = scrollTo(index, count, 100, 0, 600);
    const { from, top } = windowOf(count, 100, scroll, 600);
    const at = top + (index - from) * 100 - scroll;
    expect(at).toBeGreaterThanOrEqual(-0.01);
    expect(at).toBeLessThanOrEqual(500.01);
    expect(scrollTo(index, count, 100, scroll, 600)).toBeCloseTo(scroll, 3);
  }
});
