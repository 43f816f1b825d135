import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violations } from './axe';
import { browserOfFile } from './browser';
import { openStudio, prompt, runOfFile } from './studio';

const open = browserOfFile();

const run = runOfFile('A fox in the snow [[stability:refuse]] [[bfl:rate_limit]]');

interface Screen {
  path: () => string;
  ready: string;
  act?: (page: Page) => Promise<void>;
}

const press = (key: string, ready: string) => async (page: Page) => {
  await page.keyboard.press(key);
  await page.locator(ready).waitFor();
};

const SCREENS: Record<string, Screen> = {
  'first visit': { path: () => '/', ready: 'text=Try one of these' },
  run: { path: () => `/run/${run().id}`, ready: '[data-card] img[data-shown]' },
  picture: { path: () => `/run/${run().id}?view=1`, ready: 'dialog img[data-full]' },
  comparison: { path: () => `/compare?run=${run().id}&slots=1,2,5,7`, ready: 'img[data-full]' },
  slider: { path: () => `/compare?run=${run().id}&slots=1,2&mode=slider`, ready: 'img[data-full]' },
  gallery: { path: () => '/gallery', ready: 'main li a' },
  leaderboard: { path: () => '/leaderboard', ready: 'main table, main h2' },
  batches: { path: () => '/batches', ready: 'text=New batch' },
  'gallery run': { path: () => `/gallery/${run().target}`, ready: 'main img[data-shown]' },
  help: { path: () => '/', ready: 'text=Try one of these', act: press('?', 'dialog[open]') },
  enhance: {
    path: () => '/',
    ready: 'text=Try one of these',
    act: async (page) => {
      await prompt(page).fill('A fox in the snow');
      await page.getByRole('button', { name: 'Enhance' }).click();
      await page.locator('dialog ins').first().waitFor();
    },
  },
  question: {
    path: () => '/',
    ready: 'text=Try one of these',
    act: async (page) => {
      await prompt(page).fill('A fox in the snow');
      await page.getByRole('heading', { level: 1 }).click();
      await press('e', 'dialog[open]')(page);
    },
  },
  'a run used again': { path: () => `/?from=${run().id}`, ready: 'text=Filled in from the run.' },
  'a run in progress': {
    path: () => '/',
    ready: 'text=Try one of these',
    act: async (page) => {
      const data = { prompt: 'A fox [[*:slow=40]]', models: [1] };
      const { jobId } = await (await page.request.post('/api/generate', { data })).json();
      await page.goto(`/run/${jobId}`);
      await page.locator('[data-card]').waitFor();
      await page.goto('/gallery');
      await page.getByRole('navigation', { name: 'Runs in progress' }).waitFor();
    },
  },
  'without a server': {
    path: () => `/run/${run().id}`,
    ready: '[data-card] img[data-shown]',
    act: async (page) => {
      await page.context().setOffline(true);
      await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
    },
  },
  library: { path: () => '/', ready: 'text=Try one of these', act: press('h', 'dialog[open]') },
};

async function show(page: Page, { path, ready, act }: Screen): Promise<void> {
  await page.goto(path());
  await page.locator(ready).first().waitFor();
  await page.locator('[data-connection="live"]').waitFor();
  await act?.(page);
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((motion) => motion.finished.catch(() => undefined))),
  );
}

describe.each([320, 1440])('%i pixels wide', (width) => {
  it.each(Object.keys(SCREENS))('%s is accessible and does not scroll sideways', async (name) => {
    const page = await open({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    await show(page, SCREENS[name] as Screen);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), colorScheme).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
  });
});

describe('on a phone', () => {
  const phone = { viewport: { width: 320, height: 720 } };

  it('the page does not scroll sideways while it says that it is offline', async () => {
    const page = await open(phone);
    await openStudio(page);
    await page.context().setOffline(true);
    await page.getByText('offline', { exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it.each([320, 360, 390, 430])('the bar fits %i pixels where fingers need room', async (width) => {
    const page = await open({ viewport: { width, height: 720 }, hasTouch: true });
    await openStudio(page);
    await page.getByRole('link', { name: 'Batches' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });

  it('a dialog shows the cross that closes it', async () => {
    const page = await open(phone);
    await openStudio(page);
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('button', { name: 'Close' }).locator('svg').waitFor();
  });
});

it('results are announced without chatter', async () => {
  const page = await open();
  await openStudio(page);
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('A fox in the snow');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/run\//);
  const region = page.locator('main [role=status]');
  await region.waitFor({ state: 'attached' });
  await region.evaluate((element) => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => said.push(element.textContent ?? '')).observe(element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await expect.poll(() => region.textContent(), { timeout: 60_000 }).toMatch(/^Run ended/);
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  expect(said.length).toBeLessThanOrEqual(6);
  expect(said.at(-1)).toBe('Run ended: 9 of 9 pictures are here.');
});
