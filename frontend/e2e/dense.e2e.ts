import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { cards, runOfFile } from './studio';

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

const failing = runOfFile('Dense [[stability:refuse]] [[bfl:rate_limit]]');

/** How many cards stand in the first row. */
const inRow = (page: Page) =>
  cards(page).evaluateAll((all) => {
    const tops = (all as HTMLElement[]).map(({ offsetTop }) => offsetTop);
    return tops.filter((top) => top === tops[0]).length;
  });

describe('the grid', () => {
  it('goes from one picture on the screen to all at once, by key and slider, and remembers', async () => {
    const page = await open();
    await page.goto(`/run/${squares().id}`);
    await cards(page).first().waitFor();
    const usual = await inRow(page);
    await page.keyboard.press('=');
    await expect.poll(() => inRow(page)).toBe(usual - 1);
    await page.keyboard.press('-');
    await expect.poll(() => inRow(page)).toBe(usual);
    await page.keyboard.press('a');
    const lowest = () =>
      cards(page).evaluateAll((all) =>
        Math.max(...all.map((card) => card.getBoundingClientRect().bottom)),
      );
    await expect.poll(lowest).toBeLessThanOrEqual(900);
    const small = await inRow(page);
    await page.goto(`/gallery/${squares().target}`);
    const shown = page.locator('main ul[aria-label="Pictures"] > li');
    await shown.first().waitFor();
    expect(await shown.count()).toBe(9);
    await page.goto(`/run/${squares().id}`);
    await expect.poll(() => inRow(page)).toBe(small);
    const slider = page.getByRole('slider', { name: 'Picture size' });
    await slider.press('End');
    await expect.poll(() => inRow(page)).toBe(1);
    const box = await cards(page).first().getByRole('button', { name: /^Open/ }).boundingBox();
    expect(box?.height).toBeLessThanOrEqual(900);
    expect(box?.height).toBeGreaterThan(600);
  });

  it('has two columns on a phone that wants them', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await page.goto(`/run/${squares().id}`);
    await cards(page).first().waitFor();
    expect(await inRow(page)).toBe(1);
    await page.getByRole('button', { name: 'Smaller pictures' }).click();
    await expect.poll(() => inRow(page)).toBe(2);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it('gives what was not drawn a line, and every text twelve pixels', async () => {
    const page = await open();
    await page.goto(`/run/${failing().id}`);
    const failed = cards(page, 'error');
    await failed.first().waitFor();
    for (const card of await failed.all())
      expect((await card.boundingBox())?.height).toBeLessThanOrEqual(90);
    const sizes = await page.locator('body *').evaluateAll((all) =>
      all
        .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3))
        .filter((element) => element.checkVisibility())
        .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
    expect(await page.getByText('≈ estimated').count()).toBe(1);
  });

  it('is put in order by time and by cost', async () => {
    const page = await open();
    await page.goto(`/run/${squares().id}`);
    await cards(page).first().waitFor();
    const times = async () => {
      const texts = await cards(page).allInnerTexts();
      return texts.map((text) => Number(/([\d.]+) s/.exec(text)?.[1]));
    };
    await page.getByRole('combobox', { name: 'Order of the pictures' }).selectOption('time');
    await page.waitForURL(/sort=time/);
    await expect.poll(times).toEqual((await times()).toSorted((one, other) => one - other));
  });
});
