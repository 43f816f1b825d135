import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { card, cards, ended, generate, openStudio, serverJob, shownPictures } from './studio';

const open = browserOfFile();

it('three models draw two pictures each, and every one is named, cancelled and retried alone', async () => {
  const page = await open();
  await openStudio(page);
  await page.getByRole('button', { name: 'None' }).click();
  for (const name of ['FLUX.2 pro', 'Recraft', 'Qwen'])
    await page.getByRole('checkbox', { name }).check();
  await page.getByText('Settings', { exact: true }).click();
  await page.getByLabel('Pictures of each model').selectOption('2');
  await page.getByText(/^3 models × 2 ≈ \$/).waitFor();
  const id = await generate(page, 'A heron [[qwen:slow=60]]');
  expect(await cards(page).count()).toBe(6);

  const second = card(page, 108);
  await second.getByText('Qwen Image 3.0 · 2').waitFor();
  await second.locator('text=Drawing').waitFor();
  await second.getByRole('button', { name: 'Cancel this model' }).click();
  await second.getByText('Cancelled', { exact: true }).waitFor();
  expect(await card(page, 8).getAttribute('data-status')).toBe('in_progress');
  await second.getByRole('button', { name: 'Retry' }).click();
  await second.locator('text=Drawing').waitFor();
  const { results, parameters } = await serverJob(page, id);
  const ids = results.map(({ resultId }: { resultId: string }) => resultId);
  expect(ids).toEqual(['4.1', '4.2', '7.1', '7.2', '8.1', '8.2']);
  expect(results.map(({ attempt }: { attempt: number }) => attempt)).toEqual([1, 1, 1, 1, 1, 2]);
  expect([parameters.variants, parameters.models]).toEqual([2, [4, 7, 8]]);

  await expect.poll(() => shownPictures(page).count(), { timeout: 30_000 }).toBe(4);
  await page.getByRole('button', { name: 'Cancel the rest' }).click();
  await ended(page);
  await page.getByRole('button', { name: 'Open 07.2 Recraft V4.1 · 2' }).click();
  await page.waitForURL(/view=107/);
});

it('a choice of resolution changes what a run will cost, and names who takes it', async () => {
  const page = await open();
  await openStudio(page);
  await page.getByRole('button', { name: 'None' }).click();
  for (const name of ['Recraft', 'FLUX.3']) await page.getByRole('checkbox', { name }).check();
  await page.getByText(/^2 models ≈ \$/).waitFor();
  await page.getByText('Settings', { exact: true }).click();
  await page.getByText('Quality: None of the chosen models takes it.').waitFor();
  await page.getByLabel('Resolution').selectOption('2K');
  await page.getByText('Only FLUX.3.').first().waitFor();
  await page.getByText(/^2 models ≈ \$.* \+ 1 unknown$/).waitFor();
  const job = await serverJob(page, await generate(page, 'A harbour'));
  expect(job.parameters.resolution).toBe('2K');
});
