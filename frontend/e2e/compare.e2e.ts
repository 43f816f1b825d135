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
    await pane.hover({ position: { x: 80, y: 60 } });
    await page.mouse.wheel(0, -600);
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

  it('lays two over each other with a divider, and flicks while held', async () => {
    const page = await open();
    await compare(page, [1, 2]);
    const toggle = page.getByRole('button', { name: 'Over each other' });
    await toggle.click();
    expect(await toggle.getAttribute('aria-pressed')).toBe('true');
    const over = page.locator('[data-transform]').nth(1).locator('..');
    const cut = () => over.evaluate((layer) => (layer as HTMLElement).style.clipPath);
    expect(await cut()).toContain('50%');
    await page.getByRole('slider').press('ArrowRight');
    expect(await cut()).toContain('50.5%');
    await page.getByRole('button', { name: /^Hold/ }).focus();
    await page.keyboard.down('Space');
    await expect.poll(cut).toMatch(/\b0%/);
    await page.keyboard.up('Space');
    await expect.poll(cut).toContain('50.5%');
    await page.keyboard.press('1');
    await expect.poll(() => page.locator('[data-transform]').count()).toBe(1);
  });

  it('tells only what differs', async () => {
    const page = await open();
    await compare(page, [3, 4]);
    const rows = await page.getByRole('rowheader').allInnerTexts();
    expect(rows).toContain('Model id');
    expect(rows).not.toContain('Provider');
  });
});

describe('a picture', () => {
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
