import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { runOfFile } from './studio';

const open = browserOfFile();
const squares = runOfFile('Dense squares', '1:1');
const tall = runOfFile('Dense and tall', '9:16');

/** Of all pictures of a comparison: the share of their board that they take, and of the window. */
const areas = (page: Page) =>
  page.evaluate(() => {
    const images = [...document.querySelectorAll<HTMLImageElement>('img[data-full]')];
    const painted = images.map(({ naturalWidth, naturalHeight, clientWidth, clientHeight }) => {
      const fit = Math.min(clientWidth / naturalWidth, clientHeight / naturalHeight);
      return naturalWidth * naturalHeight * fit * fit;
    });
    const total = painted.reduce((sum, area) => sum + area, 0);
    const board = images[0]?.closest('ul')?.getBoundingClientRect();
    const side = Math.sqrt(Math.min(...painted));
    return {
      board: total / ((board?.width ?? 0) * (board?.height ?? 0)),
      window: total / (innerWidth * innerHeight),
      side,
    };
  });

describe.each([
  { width: 1440, height: 900, hasTouch: false },
  { width: 390, height: 844, hasTouch: true },
])('at $width × $height', ({ hasTouch, ...viewport }) => {
  it.each([
    ['squares', 2],
    ['squares', 3],
    ['squares', 4],
    ['squares', 9],
    ['9:16', 2],
    ['9:16', 3],
    ['9:16', 4],
    ['9:16', 9],
  ])('compared %s take three fifths of their board, by %i', async (shape, count) => {
    const page = await open({ viewport, hasTouch });
    const { id } = shape === '9:16' ? tall() : squares();
    const slots = Array.from({ length: count }, (_, at) => at + 1).join(',');
    await page.goto(`/compare?run=${id}&slots=${slots}`);
    await expect.poll(() => page.locator('img[data-full]').count()).toBe(count);
    const { board, window, side } = await areas(page);
    const percent = (share: number) => `${Math.round(share * 100)} %`;
    console.log(
      `figure compare ${shape} ${count} at ${viewport.width}: ${percent(board)} of the board, ` +
        `${percent(window)} of the window, as a square of ${Math.round(side)}`,
    );
    expect(board).toBeGreaterThanOrEqual(0.6);
  });
});
