import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { productOfFile } from './product';
import { ended, generate, openStudio, prompt } from './studio';

const url = productOfFile({ DAILY_SPEND_LIMIT_USD: '0.30', SIMULATOR_PACE: '0.05' });
const browser = browserOfFile();
const open = () => browser({ baseURL: url() });

const catalog = async (page: Page) => (await page.request.get('/api/models')).json();

const left = async (page: Page): Promise<number> => (await catalog(page)).limits.spend.left;

async function choose(page: Page, ...names: string[]): Promise<void> {
  await page.getByRole('button', { name: 'None' }).click();
  for (const name of names) await page.getByRole('checkbox', { name }).check();
}

/** Runs started elsewhere, until the day's money is enough for Recraft but not for both. */
async function spendMostOfIt(page: Page): Promise<void> {
  const { models } = await catalog(page);
  const both = models[5].price.amount + models[6].price.amount;
  while ((await left(page)) >= both) {
    const answer = await page.request.post('/api/generate', {
      data: { prompt: 'A fox', models: [models[5].index] },
    });
    expect(answer.status()).toBe(202);
  }
}

it('a run that today’s money cannot pay for is warned of before the click', async () => {
  const page = await open();
  await openStudio(page);
  const warning = page.getByText(/of today’s \$0\.30 there is \$0\.\d+ left/);
  await warning.waitFor();
  await page.getByText(/the limit resets in (\d+:)?\d\d:\d\d/).waitFor();
  await choose(page, 'Recraft');
  await page.getByText(/of \$0\.30 left today/).waitFor();
  expect(await warning.count()).toBe(0);
});

it('what is left follows what a run has really cost', async () => {
  const page = await open();
  await openStudio(page);
  await choose(page, 'Recraft');
  await generate(page, 'A fox');
  await ended(page);
  await expect
    .poll(async () => page.getByText(`$${(await left(page)).toFixed(2)} of $0.30 left`).count())
    .toBe(1);
  expect(await left(page)).toBeLessThan(0.3);
});

it('a refused run says what to do, and a cheaper one starts at once', async () => {
  const page = await open();
  await openStudio(page);
  await choose(page, 'Stable Image Ultra', 'Recraft');
  await page.getByText('left today').waitFor();
  await spendMostOfIt(page);
  await prompt(page).fill('A fox too dear');
  await page.getByRole('button', { name: 'Generate' }).click();
  const alert = page.getByRole('alert');
  await alert.getByText('The run did not start.').waitFor();
  await alert.getByText(/Choose fewer or cheaper models, or wait/).waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  await page.getByRole('checkbox', { name: 'Stable Image Ultra' }).uncheck();
  await alert.waitFor({ state: 'detached' });
  await generate(page, 'A cheaper fox');
  await ended(page);
});
