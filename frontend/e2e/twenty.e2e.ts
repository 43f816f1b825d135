import { expect, it } from 'vitest';
import { checkAccess } from './axe';
import { browserOfFile } from './browser';
import { productOfFile } from './product';
import { card, cards, finishedRun } from './studio';

const LONG = 'FLUX.2 pro with an unusually long name that somebody has given it';

const slots = Array.from({ length: 20 }, (_, at) => ({
  [`MODEL_${at + 1}_NAME`]: at === 2 ? LONG : `FLUX.2 pro ${at + 1}`,
  [`MODEL_${at + 1}_KEY`]: 'a-key',
}));

const url = productOfFile({
  MODEL_COUNT: '20',
  SIMULATE: '1',
  SIMULATOR_PACE: '0.05',
  ...Object.assign({}, ...slots),
});
const open = browserOfFile();

it.each([320, 1440])('twenty models fit %i pixels, however long a name', async (width) => {
  const page = await open({ baseURL: url(), viewport: { width, height: 800 } });
  const id = await finishedRun(page);
  expect(await cards(page, 'completed').count()).toBe(20);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  const widths = await cards(page).evaluateAll((all) => all.map((one) => one.clientWidth));
  expect(new Set(widths).size).toBe(1);
  for (const slots of ['1,3', '1,3&mode=slider', '1,2,3,4,5,6,7,8,9']) {
    await page.goto(`/compare?run=${id}&slots=${slots}`);
    await page.locator('img[data-full]').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const panes = await page
      .locator('main ul > li')
      .evaluateAll((all) =>
        all.map((pane) => [...pane.children].map((part) => part.scrollWidth <= pane.clientWidth)),
      );
    expect(panes.flat()).not.toContain(false);
  }
  await page.goto(`/run/${id}`);
  expect(await card(page, 3).getByRole('heading').getAttribute('title')).toBe(LONG);
});

it('where no batch was made yet, the list says what one is and leads to the first', async () => {
  const page = await open({ baseURL: url() });
  await page.goto('/batches');
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  await checkAccess(page);
  await page.getByRole('link', { name: 'Make the first one' }).click();
  await page.getByRole('heading', { name: 'New batch' }).waitFor();
});
