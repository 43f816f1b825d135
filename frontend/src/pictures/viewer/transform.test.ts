import { describe, expect, it } from 'vitest';
import { bounded, FITTED, panBy, type View, zoomAt } from './transform';

/** Where a point of the fitted picture is seen. */
const seen = (view: View, point: number) => view.x + point * view.scale;

describe('zooming', () => {
  it('keeps in place what lies under the pointer', () => {
    const before = { scale: 2, x: 0.1, y: 0 };
    const under = (0.3 - before.x) / before.scale;
    const after = zoomAt(before, 1.5, { x: 0.3, y: 0 });
    expect(after.scale).toBeCloseTo(3);
    expect(seen(after, under)).toBeCloseTo(0.3);
  });

  it('never shows less than the whole picture, nor more than sixteen times it', () => {
    expect(zoomAt(FITTED, 0.1, { x: 0.2, y: 0.2 })).toEqual(FITTED);
    expect(zoomAt({ ...FITTED, scale: 12 }, 10, { x: 0, y: 0 }).scale).toBe(16);
  });
});

describe('panning', () => {
  it('moves by what the pointer moved', () => {
    expect(panBy({ scale: 3, x: 0, y: 0 }, { x: 0.2, y: -0.1 })).toEqual({
      scale: 3,
      x: 0.2,
      y: -0.1,
    });
  });

  it('stops at the edge of the picture', () => {
    expect(panBy({ scale: 3, x: 0, y: 0 }, { x: 9, y: -9 })).toEqual({ scale: 3, x: 1, y: -1 });
    expect(bounded({ scale: 1, x: 0.5, y: 0.5 })).toEqual(FITTED);
  });
});
