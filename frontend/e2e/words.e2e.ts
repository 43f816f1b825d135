import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { generate, openStudio, prompt } from './studio';

const open = browserOfFile();
const OWN = 'My own words, not run yet';

type Replace = (page: Page) => Promise<void>;

/** Everything that writes over the prompt from outside of its field. */
const WAYS: Record<string, Replace> = {
  'an example': (page) => page.getByRole('button', { name: /^Macro photograph/ }).click(),
  'a prompt of the history': async (page) => {
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'An earlier prompt' }).click();
  },
  'a saved draft': async (page) => {
    await page.getByRole('button', { name: 'History' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^A saved draft/ })
      .click();
  },
  'a run used again': async (page) => {
    const data = { prompt: 'A run to use again', models: [2] };
    const { jobId } = await (await page.request.post('/api/generate', { data })).json();
    await page.goto(`/?from=${jobId}`);
  },
  'an enhancement': async (page) => {
    await page.getByRole('button', { name: 'Enhance' }).click();
    await page.getByRole('button', { name: 'Use this prompt' }).click();
  },
};

const BY_KEY: Replace = async (page) => {
  await prompt(page).press('Control+Home');
  await prompt(page).press('ArrowUp');
};

async function written(page: Page): Promise<void> {
  await openStudio(page);
  await generate(page, 'An earlier prompt');
  await page.goto('/');
  await prompt(page).fill('A saved draft');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await prompt(page).fill(OWN);
}

async function replacedBy(page: Page, way: Replace): Promise<void> {
  await way(page);
  await expect.poll(() => prompt(page).inputValue()).not.toBe(OWN);
}

it.each([...Object.entries(WAYS), ['an earlier prompt by ↑', BY_KEY] as const])(
  'own words written over by %s come back by Ctrl+Z',
  async (_, way) => {
    const page = await open();
    await written(page);
    await replacedBy(page, way);
    await prompt(page).press('Control+z');
    expect(await prompt(page).inputValue()).toBe(OWN);
  },
);

it.each(Object.entries(WAYS))(
  'own words written over by %s come back by Undo, and are in the history',
  async (_, way) => {
    const page = await open();
    await written(page);
    await replacedBy(page, way);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await prompt(page).inputValue()).toBe(OWN);
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('dialog').getByRole('button', { name: OWN }).waitFor();
  },
);

it('each tab keeps its own words through a reload', async () => {
  const first = await open();
  await openStudio(first);
  const second = await first.context().newPage();
  await openStudio(second);
  await prompt(first).fill('Of the first tab');
  await prompt(second).fill('Of the second tab');
  await first.reload();
  expect(await prompt(first).inputValue()).toBe('Of the first tab');
});

it('a deleted draft comes back', async () => {
  const page = await open();
  await written(page);
  await page.getByRole('button', { name: 'History' }).click();
  const library = page.getByRole('dialog');
  await library.getByRole('button', { name: 'Delete draft' }).click();
  await library.getByRole('button', { name: 'Undo' }).click();
  await library.getByRole('button', { name: /^A saved draft/ }).waitFor();
});

it('an edited proposal that was not used is in the history', async () => {
  const page = await open();
  await openStudio(page);
  await prompt(page).fill('A fox in the snow');
  await page.getByRole('button', { name: 'Enhance' }).click();
  await page.getByRole('textbox', { name: 'Enhanced' }).fill('A fox, my way');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A fox, my way' }).waitFor();
});
