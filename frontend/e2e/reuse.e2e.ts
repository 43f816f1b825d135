import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { card, cards, ended, generate, openStudio, prompt, serverJob } from './studio';

const open = browserOfFile();

/** A finished run of some models, made elsewhere, with its page open. */
async function run(page: Page, change: object = {}) {
  const data = { prompt: 'A heron to use again', models: [2, 4, 8], seed: 77, ...change };
  const { jobId } = await (await page.request.post('/api/generate', { data })).json();
  await page.goto(`/run/${jobId}`);
  await ended(page);
  return serverJob(page, jobId);
}

const way = async (page: Page, name: string) => {
  await page.getByRole('button', { name: 'More ways to use it' }).click();
  await page.getByRole('button', { name, exact: true }).click();
  await page.waitForURL((url) => !url.searchParams.has('from'));
};

const chosen = (page: Page) => page.getByRole('checkbox', { checked: true }).count();

it('a run gives its prompt alone, and leaves settings and models as they are', async () => {
  const page = await open();
  await run(page);
  await way(page, 'Use the prompt');
  expect(await prompt(page).inputValue()).toBe('A heron to use again');
  expect(await chosen(page)).toBe(9);
  expect(await page.getByRole('button', { name: 'Clear settings' }).count()).toBe(0);
});

it('a run is drawn by the models that had no part in it', async () => {
  const page = await open();
  await run(page);
  await way(page, 'Run with other models');
  await expect.poll(() => chosen(page)).toBe(6);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => chosen(page)).toBe(9);
});

it('a run is varied by one setting, with the others as they were', async () => {
  const page = await open();
  await run(page);
  await way(page, 'Vary one setting');
  await expect.poll(() => page.getByLabel('Seed', { exact: true }).inputValue()).toBe('77');
  expect(await chosen(page)).toBe(3);
});

it('a picture gives its seed, from its card and large', async () => {
  const page = await open();
  const { results } = await run(page);
  const seeded = results.find(({ seed }: { seed: number | null }) => seed !== null);
  await card(page, seeded.index).getByRole('button', { name: /^More/ }).click();
  await page.getByRole('button', { name: 'Use the seed' }).click();
  await page.getByText(`Seed ${seeded.seed} taken.`).waitFor();
  await page.goto(`/run/${(await run(page, { seed: 4711 })).jobId}?view=${seeded.index}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Use the seed' }).click();
  await page.getByText('Seed 4711 taken.').waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

it('a run tells what was asked for', async () => {
  const page = await open();
  await run(page, { negativePrompt: 'people', aspectRatio: '3:2' });
  await page.getByText('seed 77 · negative prompt people · aspect ratio 3:2').waitFor();
});

it('models are chosen by sets: saved, last used, cheaper', async () => {
  const page = await open();
  await openStudio(page);
  const sets = page.getByRole('button', { name: 'Sets' });
  await page.getByRole('button', { name: 'None' }).click();
  for (const name of ['Recraft', 'Qwen']) await page.getByRole('checkbox', { name }).check();
  await sets.click();
  await page.getByRole('button', { name: 'Save this choice' }).click();
  await generate(page, 'A heron');
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await sets.click();
  await page.getByRole('button', { name: 'Recraft V4.1, Qwen Image 3.0' }).click();
  await expect.poll(() => chosen(page)).toBe(2);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await sets.click();
  await page.getByRole('button', { name: 'Cheaper half' }).click();
  await expect.poll(() => chosen(page)).toBe(4);
  await sets.click();
  await page.getByRole('button', { name: 'Last used' }).click();
  await expect.poll(() => chosen(page)).toBe(2);
  expect(await cards(page).count()).toBe(2);
});

it('a setting that no chosen model takes is named, and cannot be set', async () => {
  const page = await open();
  await openStudio(page);
  await page.getByRole('button', { name: 'None' }).click();
  await page.getByRole('checkbox', { name: 'GPT Image' }).check();
  await page.getByText('Settings', { exact: true }).click();
  await page.getByText('Steps: None of the chosen models takes it.').waitFor();
  expect(await page.getByRole('slider', { name: 'Steps' }).count()).toBe(0);
});
