import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { finishedRun, openStudio } from './studio';

const open = browserOfFile();

const explanation = (page: Page) =>
  page.getByRole('heading', { name: 'These pictures are simulated' });

it('the first visit says that pictures are simulated, and gives the lines for a key', async () => {
  const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await openStudio(page);
  await page.getByText('For now the pictures are simulated').waitFor();
  await page.getByRole('button', { name: 'Use real models' }).click();
  await explanation(page).waitFor();
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Lines copied.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^MODEL_COUNT=1\nMODEL_1_NAME=.+\nMODEL_1_KEY=.+$/);
});

it('a run says that it is simulated, and shows on request how to use real models', async () => {
  const page = await open();
  await finishedRun(page);
  await page.getByRole('main').getByText('simulated', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Simulated' }).click();
  await explanation(page).waitFor();
  await page.keyboard.press('Escape');
  await explanation(page).waitFor({ state: 'hidden' });
  await page.keyboard.press('k');
  await explanation(page).waitFor();
});

it('with real models nothing is said of simulation', async () => {
  const page = await open();
  await page.route('**/api/models', async (route) => {
    const answer = await (await route.fetch()).json();
    const models = answer.models.map((model: object) => ({ ...model, simulated: false }));
    await route.fulfill({ json: { ...answer, models } });
  });
  await openStudio(page);
  await page.getByText('Try one of these').waitFor();
  expect(await page.getByText(/simulated/i).count()).toBe(0);
});
