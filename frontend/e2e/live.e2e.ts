import type { Page, WebSocketRoute } from 'playwright-core';
import { expect, it } from 'vitest';
import { baseUrl, browserOfFile } from './browser';
import { cards, connection, ended, generate, openStudio, serverJob, shownPictures } from './studio';

const open = browserOfFile();
const SLOW = 'A fox in the snow [[*:slow=3]]';

/** A wire to the product's socket that the test can cut and mend. */
async function cuttable(page: Page) {
  const routes: WebSocketRoute[] = [];
  let cut = false;
  await page.routeWebSocket(/\/ws/, (route) => {
    if (cut) return void route.close();
    route.connectToServer();
    routes.push(route);
  });
  return {
    async cut() {
      cut = true;
      await Promise.all(routes.map((route) => route.close()));
    },
    mend() {
      cut = false;
    },
  };
}

/** How often the page asked for the status of a job. */
function countPolls(page: Page) {
  const polls = { count: 0 };
  page.on('request', (request) => {
    if (request.url().includes('/api/status/')) polls.count++;
  });
  return polls;
}

async function expectAllPictures(page: Page, id: string) {
  await ended(page);
  const job = await serverJob(page, id);
  await expect.poll(() => shownPictures(page).count()).toBe(job.completedModels);
  expect(job.completedModels).toBe(9);
}

it('a finished run was never polled while the socket was up', async () => {
  const page = await open();
  const polls = countPolls(page);
  await openStudio(page);
  await expectAllPictures(page, await generate(page, 'A fox in the snow'));
  expect(polls.count).toBeLessThanOrEqual(1);
});

it('a socket cut in mid-run is replaced by polling, then by a new socket; nothing is missed', async () => {
  const page = await open();
  const wire = await cuttable(page);
  const polls = countPolls(page);
  await openStudio(page);
  const id = await generate(page, SLOW);
  await wire.cut();
  await connection(page, 'polling');
  await expectAllPictures(page, id);
  expect(polls.count).toBeGreaterThan(0);
  wire.mend();
  await connection(page, 'live');
});

it('a reload in mid-run comes back to the same run', async () => {
  const page = await open();
  await openStudio(page);
  const id = await generate(page, SLOW);
  await page.reload();
  expect(page.url()).toContain(id);
  await expectAllPictures(page, id);
});

it('the address of a run shows it in another browser, while it runs', async () => {
  const page = await open();
  await openStudio(page);
  const id = await generate(page, SLOW);
  const other = await open();
  await other.goto(page.url());
  await Promise.all([expectAllPictures(page, id), expectAllPictures(other, id)]);
});

it('back and forward move between runs', async () => {
  const page = await open();
  await openStudio(page);
  const first = await generate(page, 'A fox');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('A hare');
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByRole('heading', { name: 'A hare' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'A fox' }).waitFor();
  await expectAllPictures(page, first);
});

it('offline in mid-run and back, the page says so and catches up', async () => {
  const page = await open();
  await openStudio(page);
  const id = await generate(page, SLOW);
  await page.context().setOffline(true);
  await connection(page, 'offline');
  await page.context().setOffline(false);
  await connection(page, 'live');
  await expectAllPictures(page, id);
});

it('the installed page opens without a network and says that it is offline', async () => {
  const page = await open();
  await openStudio(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.context().setOffline(true);
  await page.goto('/');
  await connection(page, 'offline');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).waitFor();
});

it('can be installed: a manifest whose icons exist', async () => {
  const page = await open();
  await page.goto('/');
  const manifest = await (await page.request.get('/manifest.webmanifest')).json();
  for (const { src, type } of manifest.icons) {
    const icon = await page.request.get(new URL(src, baseUrl()).href);
    expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
  }
});

it('a card list is complete from the first moment, by push alone', async () => {
  const page = await open();
  await page.route('**/api/status/**', (route) => route.abort());
  await openStudio(page);
  await generate(page, 'A fox in the snow');
  await ended(page);
  expect(await cards(page, 'completed').count()).toBe(9);
});
