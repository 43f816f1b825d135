import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { card, runOfFile } from './studio';

const open = browserOfFile();
const run = runOfFile('A fox in the snow');

/** The transform of every pane, as the browser computed it. */
const transforms = (page: Page) =>
  page
    .locator('[data-transform]')
    .evaluateAll((panes) => panes.map((pane) => getComputedStyle(pane).transform));

async function compare(page: Page, slots: number[]): Promise<void> {
  await page.goto(`/run/${run().id}`);
  for (const slot of slots)
    await card(page, slot).getByRole('button', { name: 'Pick for comparison' }).click();
  await page.getByRole('button', { name: `Compare ${slots.length}` }).click();
  await page.waitForURL(/\/compare/);
  await expect.poll(() => page.locator('img[data-full]').count()).toBe(slots.length);
}

describe('a comparison', () => {
  it('zooms and pans all pictures as one', async () => {
    const page = await open();
    await compare(page, [1, 3, 5, 7]);
    const pane = page.locator('[data-transform]').nth(1);
    await pane.click({ position: { x: 80, y: 60 } });
    await page.mouse.wheel(0, -200);
    await page.mouse.down();
    await page.mouse.move(500, 420, { steps: 4 });
    await page.mouse.up();
    const [first, ...others] = await transforms(page);
    expect(first).not.toBe('matrix(1, 0, 0, 1, 0, 0)');
    expect(others).toEqual([first, first, first]);
    await page.keyboard.press('0');
    expect(new Set(await transforms(page))).toEqual(new Set(['matrix(1, 0, 0, 1, 0, 0)']));
  });

  it('crops nothing', async () => {
    const page = await open();
    await compare(page, [2, 6]);
    const fits = await page
      .locator('img[data-full]')
      .evaluateAll((pictures) => pictures.map((picture) => getComputedStyle(picture).objectFit));
    expect(fits).toEqual(['contain', 'contain']);
  });

  it('shows one alone by its number, and all again', async () => {
    const page = await open();
    await compare(page, [1, 2, 3]);
    await page.keyboard.press('2');
    await expect.poll(() => page.locator('[data-transform]').count()).toBe(1);
    await page.keyboard.press('2');
    await expect.poll(() => page.locator('[data-transform]').count()).toBe(3);
  });

  it('lays two over each other with a divider that is dragged on the picture, and flicks while held', async () => {
    const page = await open();
    await compare(page, [1, 2]);
    const toggle = page.getByRole('button', { name: 'Slider' });
    await toggle.click();
    expect(await toggle.getAttribute('aria-pressed')).toBe('true');
    const over = page.locator('[data-transform]').nth(1).locator('..');
    const cut = () => over.evaluate((layer) => (layer as HTMLElement).style.clipPath);
    expect(await cut()).toContain('50%');
    const box = await over.boundingBox();
    if (!box) throw new Error('The pane is not on screen.');
    const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
    await page.mouse.move(...at(0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.6), { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Number(/[\d.]+(?=%)/.exec(await cut())?.[0])).toBeCloseTo(60, 0);
    const slider = page.getByRole('slider');
    const before = Number(await slider.inputValue());
    await slider.press('ArrowRight');
    expect(Number(await slider.inputValue())).toBeGreaterThan(before);
    await page.getByRole('button', { name: /^Hold/ }).focus();
    await page.keyboard.down('Space');
    await expect.poll(cut).toMatch(/\b0%/);
    await page.keyboard.up('Space');
    await expect.poll(cut).not.toMatch(/\b0%/);
    await page.keyboard.press('1');
    await expect.poll(() => page.locator('[data-transform]').count()).toBe(1);
  });

  it('subtracts two, and shows any number in turn', async () => {
    const page = await open();
    await compare(page, [1, 2]);
    await page.keyboard.press('d');
    const over = page.locator('[data-transform]').nth(1).locator('..');
    await expect
      .poll(() => over.evaluate((layer) => getComputedStyle(layer).mixBlendMode))
      .toBe('difference');
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Pause' }).click();
    const top = () =>
      page
        .locator('[data-transform]')
        .evaluateAll((all) => all.findIndex((one) => one.parentElement?.style.zIndex === '1'));
    const before = await top();
    await page.keyboard.press('ArrowRight');
    await expect.poll(top).toBe(1 - before);
  });

  it('starts with the focus, and Escape leaves it layer by layer', async () => {
    const page = await open();
    await compare(page, [1, 2]);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(focused).toBe('Comparison');
    await page.keyboard.press('s');
    await page.waitForURL(/mode=slider/);
    await page.keyboard.press('2');
    await expect.poll(() => page.locator('[data-transform]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('[data-transform]').count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('mode'));
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/run\//);
  });

  it('leaves wheel and finger to the page while the pictures are whole', async () => {
    const page = await open();
    await compare(page, [1, 4]);
    const pane = page.locator('[data-transform]').first().locator('xpath=../..');
    const touch = () => pane.evaluate((element) => getComputedStyle(element).touchAction);
    expect(await touch()).toBe('pan-y');
    await pane.hover();
    await page.mouse.wheel(0, 300);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    const stopped = page.evaluate(
      () => new Promise((done) => window.addEventListener('scrollend', done, { once: true })),
    );
    await page.mouse.wheel(0, -900);
    await stopped;
    await page.keyboard.press('z');
    await expect.poll(touch).toBe('none');
    const [zoomed, place] = [await transforms(page), await page.evaluate(() => window.scrollY)];
    await page.mouse.wheel(0, 200);
    await expect.poll(() => transforms(page)).not.toEqual(zoomed);
    expect(await page.evaluate(() => window.scrollY)).toBe(place);
  });

  it.each([1, 2])(
    'one key, or a click, shows real pixels at %i a point',
    async (deviceScaleFactor) => {
      const page = await open({ deviceScaleFactor });
      await compare(page, [1, 2]);
      const image = page.locator('img[data-full]').first();
      /** Pixels of the screen for each of the file. */
      const density = () =>
        image.evaluate((element) => {
          const { naturalWidth, naturalHeight, clientWidth, clientHeight } =
            element as HTMLImageElement;
          const fit = Math.min(clientWidth / naturalWidth, clientHeight / naturalHeight);
          const scale = element.getBoundingClientRect().width / clientWidth;
          return fit * scale * devicePixelRatio;
        });
      const whole = await density();
      expect(Math.abs(whole - 1)).toBeGreaterThan(0.05);
      await page.keyboard.press('z');
      await expect.poll(density).toBeCloseTo(1, 2);
      await page.getByText('100 %', { exact: true }).waitFor();
      await page.keyboard.press('z');
      await expect.poll(density).toBeCloseTo(whole, 5);
      await image.click();
      await expect.poll(density).toBeCloseTo(1, 2);
    },
  );

  it('tells only what differs', async () => {
    const page = await open();
    await compare(page, [3, 4]);
    const rows = await page.getByRole('rowheader').allInnerTexts();
    expect(rows).toContain('Model id');
    expect(rows).not.toContain('Provider');
  });
});

/** One finger's way, as the browser hears of it. */
async function swipe(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(([x, y]) => ({ x, y })),
    });
  await touch('touchStart', [from]);
  for (const part of [0.25, 0.5, 0.75, 1])
    await touch('touchMove', [
      [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part],
    ]);
  await touch('touchEnd', []);
}

describe('a picture on a phone', () => {
  it('turns to the next by a stroke, and closes by one downwards', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await page.goto(`/run/${run().id}?view=2`);
    await page.getByRole('dialog').locator('img[data-full]').waitFor();
    await swipe(page, [300, 400], [80, 410]);
    await page.waitForURL(/view=3/);
    await swipe(page, [80, 400], [300, 410]);
    await page.waitForURL(/view=2/);
    await swipe(page, [200, 300], [205, 600]);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('is scrolled over in a comparison', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await compare(page, [1, 2, 3, 4, 5, 6, 7, 8]);
    await swipe(page, [200, 600], [205, 300]);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(100);
  });
});

describe('a picture', () => {
  it('closes by a click beside it', async () => {
    const page = await open();
    await page.goto(`/run/${run().id}?view=1`);
    const dialog = page.getByRole('dialog');
    await dialog.locator('img[data-full]').waitFor();
    await page.mouse.click(20, 450);
    await dialog.waitFor({ state: 'detached' });
  });

  it('opens large, turns to the next, and closes to where one was', async () => {
    const page = await open();
    await page.goto('/gallery');
    await page.goto(`/run/${run().id}`);
    await card(page, 2).locator('[data-focus]').click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('img[data-full]').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/view=3/);
    await page.keyboard.press('=');
    await expect.poll(() => transforms(page)).not.toEqual(['matrix(1, 0, 0, 1, 0, 0)']);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForURL((url) => !url.searchParams.has('view'));
    await page.goBack();
    await page.waitForURL(/\/gallery$/);
  });

  it('closes with Back', async () => {
    const page = await open();
    await page.goto(`/run/${run().id}`);
    await card(page, 1).locator('[data-focus]').click();
    await page.getByRole('dialog').waitFor();
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(page.url()).toContain('/run/');
  });
});
