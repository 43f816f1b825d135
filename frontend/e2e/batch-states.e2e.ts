import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { checkAccess, violations } from './axe';
import { chooseData, field, template } from './batch';
import { browserOfFile } from './browser';
import { connection } from './studio';

const open = browserOfFile();
const SAMPLE = 'sample-product-pictures';

async function post(page: Page, path: string, data: object) {
  return (await page.request.post(`/api${path}`, { data })).json();
}

/** A planned batch under a name that no other has. */
async function namedBatch(page: Page, name: string): Promise<string> {
  const definition = template('product.name')
    .replace('Lamps', name)
    .replace('{{ style }}', '{{ product.style }}');
  const { templateId } = await post(page, '/templates', { definition });
  const wanted = { templateId, seedDataId: SAMPLE, budgetUsd: 5 };
  return (await post(page, '/batches', wanted)).batchId;
}

/** The server is gone, though the network is there; the answer brings it back. */
async function serverGone(page: Page): Promise<() => Promise<void>> {
  await page.route('**/api/**', (route) => route.abort());
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await page.getByText('The server cannot be reached').waitFor();
  return () => page.unroute('**/api/**');
}

it('the list shows its batches, and says why where it cannot', async () => {
  const page = await open();
  await namedBatch(page, 'Lamps of the list');
  await page.goto('/batches');
  const entry = page.getByRole('link', { name: 'Lamps of the list' });
  await entry.waitFor();
  await checkAccess(page);
  const refused = { error: 'This is not for you.', code: 'FORBIDDEN' };
  await page.route('**/api/batches?*', (route) => route.fulfill({ status: 403, json: refused }));
  await page.reload();
  const alert = page.getByRole('alert').filter({ hasText: 'The batches cannot be shown' });
  await alert.getByText('This is not for you.').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.unroute('**/api/batches?*');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await entry.waitFor();
});

it('a batch that is no more says so', async () => {
  const page = await open();
  await page.goto('/batches/b-that-never-was');
  await page.getByRole('heading', { name: 'There is no such batch' }).waitFor();
  await checkAccess(page);
});

it('a server that is gone is told beside a batch, which starts when it is back', async () => {
  const page = await open();
  const id = await namedBatch(page, 'Lamps in the dark');
  await page.goto(`/batches/${id}`);
  await connection(page, 'live');
  const start = page.getByRole('button', { name: 'Start' });
  await start.waitFor();
  const back = await serverGone(page);
  await page.getByText('A batch goes on by itself.').waitFor();
  await start.click();
  await page.getByText('The server does not answer.').waitFor();
  await checkAccess(page);
  await back();
  await page.getByText('The server cannot be reached').waitFor({ state: 'detached' });
  await start.click();
  await start.waitFor({ state: 'detached' });
  await page
    .getByRole('button', { name: 'Cancel the batch' })
    .or(page.getByRole('status').getByText('completed'))
    .first()
    .waitFor();
});

it('a plan whose answer is lost is asked for again, and made once', async () => {
  const page = await open();
  await page.goto('/batches/new');
  await page.getByText('No problem found.').waitFor();
  await chooseData(page);
  await field(page).fill(template('name').replace('Lamps', 'Lamps planned once'));
  await page.getByText('No problem found.').waitFor();
  let lost = false;
  await page.route('**/api/batches', async (route) => {
    if (lost || route.request().method() !== 'POST') return route.fallback();
    lost = true;
    await route.fetch();
    return route.abort();
  });
  await page.getByRole('button', { name: 'Plan it' }).click();
  await page.getByRole('heading', { name: 'The batch cannot be planned' }).waitFor();
  await checkAccess(page);
  await page.getByRole('button', { name: 'Plan it' }).click();
  await page.waitForURL(/\/batches\/b/);
  await page.goto('/batches');
  await page.getByRole('link', { name: 'Lamps planned once' }).first().waitFor();
  expect(await page.getByRole('link', { name: 'Lamps planned once' }).count()).toBe(1);
});
