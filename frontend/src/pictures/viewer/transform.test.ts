import { describe, expect, it } from 'vitest';
import {
  bounded,
  closerScale,
  FITTED,
  fitted,
  panBy,
  pixelScale,
  scaleTo,
  type View,
  zoomAt,
} from './transform';

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

describe('real pixels', () => {
  const pane = { width: 700, height: 500 };

  it('are one of the file for one of the screen', () => {
    const picture = { width: 2000, height: 1000 };
    expect(fitted(picture, pane)).toEqual({ width: 700, height: 350 });
    expect(pixelScale(picture, pane, 1)).toBeCloseTo(2000 / 700);
    expect(pixelScale(picture, pane, 2)).toBeCloseTo(1000 / 700);
  });

  it('of a small file on a sharp screen are less than its fitted size, and stay in the middle', () => {
    const scale = pixelScale({ width: 500, height: 500 }, pane, 2);
    expect(scale).toBeCloseTo(0.5);
    const view = scaleTo(FITTED, scale, { x: 0.4, y: 0.4 });
    expect(view.scale).toBeCloseTo(0.5);
    expect([Math.abs(view.x), Math.abs(view.y)]).toEqual([0, 0]);
    expect(zoomAt(view, 0.5, { x: 0, y: 0 }).scale).toBeCloseTo(0.5);
  });

  it('that are shown already lead closer', () => {
    expect(closerScale(1.01)).toBeCloseTo(2.02);
    expect(closerScale(2.5)).toBe(2.5);
  });
});
