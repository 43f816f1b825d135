import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { productOfFile } from './product';
import { card, cards, ended, generate, openStudio, serverJob, shownPictures } from './studio';

const OWN = 10;

const product = productOfFile({ OWN_MODEL: '1', SIMULATOR_PACE: '0.3' });
const browser = browserOfFile();

it('of nine models one sleeps: eight arrive, it says what it does, and arrives after the page was closed', async () => {
  const page = await browser({ baseURL: product() });
  await openStudio(page);
  const own = page.getByRole('checkbox', { name: /Own model.*asleep, waking takes some minutes/ });
  await own.waitFor();
  await page.getByRole('checkbox', { name: 'Hunyuan' }).uncheck();
  await page.getByText('9 models ≈ $').waitFor();
  await page.getByText('1 is asleep: waking takes some minutes').waitFor();

  const id = await generate(page, 'A fox in the snow [[sagemaker:slow=25]]');
  // Eight that did not come within the 20 s of a poll would fail here, not further down.
  await expect.poll(() => shownPictures(page).count()).toBe(8);
  expect(await cards(page, 'completed').count()).toBe(8);
  await card(page, OWN).getByText('Waking the model, some minutes').waitFor();
  expect((await serverJob(page, id)).results.at(-1)).toMatchObject({
    status: 'in_progress',
    deferred: true,
    phase: 'waking',
  });

  const context = page.context();
  await page.close();
  const again = await context.newPage();
  await again.goto(`/run/${id}`);
  await card(again, OWN).locator('img[data-shown]').waitFor({ timeout: 60_000 });
  await ended(again);
  expect(await shownPictures(again).count()).toBe(9);
  expect((await serverJob(again, id)).status).toBe('completed');
});
