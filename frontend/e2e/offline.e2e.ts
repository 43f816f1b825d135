import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile } from './browser';
import {
  card,
  cards,
  connection,
  ended,
  finishedRun,
  generate,
  openStudio,
  prompt,
  runOfFile,
  serverJob,
} from './studio';

const open = browserOfFile();
const run = runOfFile('A fox in the snow');

/** The server is gone, though the network is there. */
async function serverGone(page: Page): Promise<() => Promise<void>> {
  await page.route('**/api/**', (route) => route.abort());
  await page.routeWebSocket(/\/ws/, (route) => route.close());
  return () => page.unroute('**/api/**');
}

async function kept(page: Page): Promise<void> {
  await openStudio(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await connection(page, 'live');
}

describe('the page that is kept for want of a server', () => {
  it('is the page, also after a picture or an answer was opened in a tab', async () => {
    const page = await open();
    await kept(page);
    const { results } = await serverJob(page, run().id);
    const tab = await page.context().newPage();
    for (const path of [results[0].imageUrl, results[0].thumbUrl, '/api/models', '/icon.svg'])
      if (path) await tab.goto(path);
    await page.context().setOffline(true);
    await page.goto('/');
    await prompt(page).waitFor();
    await connection(page, 'offline');
  });

  it('is never another’s: not an error, not the login of a network', async () => {
    const page = await open();
    await kept(page);
    const answers = [
      { status: 200, contentType: 'text/html', body: '<title>Log in to the hotel</title>' },
      { status: 502, contentType: 'text/html', body: 'Bad gateway' },
      { status: 200, contentType: 'application/json', body: '{"id":"root"}' },
    ];
    for (const answer of answers) {
      await page.context().route('**/gallery', (route) => route.fulfill(answer));
      await page.goto('/gallery');
      await page.context().unroute('**/gallery');
    }
    await page.context().setOffline(true);
    await page.goto('/gallery');
    await page.getByRole('link', { name: 'Pixel Prompt' }).click();
    await prompt(page).waitFor();
  });

  it('is not shown in the place of a picture', async () => {
    const page = await open();
    await kept(page);
    const { results } = await serverJob(page, run().id);
    await page.context().setOffline(true);
    await expect(page.goto(results[0].imageUrl)).rejects.toThrow();
  });
});

describe('a server that is gone', () => {
  it('is told beside the button, in the run and in its cards, until it answers', async () => {
    const page = await open();
    await openStudio(page);
    const id = await generate(page, 'A fox in the snow [[*:slow=6]]');
    await card(page, 1).getByText('Drawing').waitFor();
    await page.context().setOffline(true);
    await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
    await page.getByText('The models go on drawing.').waitFor();
    await page.getByText('The server cannot be reached. What you write is kept.').waitFor();
    expect(await cards(page, 'in_progress').first().innerText()).toContain(
      'Drawing when last seen',
    );
    await page.context().setOffline(false);
    await page.getByRole('heading', { name: 'cannot be reached' }).waitFor({ state: 'detached' });
    await ended(page);
    expect((await serverJob(page, id)).completedModels).toBe(9);
  });

  it.each([
    ['/gallery', 'What is shown may not be the latest.'],
    ['/gallery/any', 'This run is shown as it was, or as soon as the server answers.'],
    ['/run/any', 'This run is shown as soon as it does.'],
    ['/compare?run=any&slots=1,2', 'The pictures are shown as soon as it answers.'],
  ])('is told at %s', async (path, sentence) => {
    const page = await open();
    await serverGone(page);
    await page.goto(path);
    await page.getByText(sentence).waitFor();
  });

  it('is asked again: “does not answer” goes when it answers, and waiting screens fill', async () => {
    const page = await open();
    const back = await serverGone(page);
    let asked = 0;
    page.on('requestfailed', () => asked++);
    await page.goto('/gallery');
    await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
    await expect.poll(() => asked).toBeGreaterThan(4);
    await back();
    await page.locator('main li a').first().waitFor({ timeout: 8000 });
    await page.getByRole('heading', { name: 'cannot be reached' }).waitFor({ state: 'detached' });
  });

  it('leaves no sentence behind that is no longer true', async () => {
    const page = await open();
    await openStudio(page);
    await page.route('**/api/**', (route) => route.abort());
    await prompt(page).fill('A fox that is not sent');
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByText('The server does not answer.').waitFor();
    await page.unroute('**/api/**');
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' });
    await connection(page, 'live');
  });
});

it('a dialog whose code cannot be fetched leaves the page as it is, and opens later', async () => {
  const page = await open({ serviceWorkers: 'block' });
  await page.route('**/assets/HelpDialog-*.js', (route) => route.abort());
  await openStudio(page);
  await prompt(page).fill('Words that stay');
  await page.getByRole('button', { name: 'Help and shortcuts' }).click();
  await page.getByText('This opens as soon as the server answers.').waitFor();
  expect(await prompt(page).inputValue()).toBe('Words that stay');
  await page.unroute('**/assets/HelpDialog-*.js');
  await page.getByRole('dialog', { name: 'Help and shortcuts' }).waitFor();
});

describe('a run in progress', () => {
  it('is found again from the gallery and from the studio', async () => {
    const page = await open();
    await openStudio(page);
    const id = await generate(page, 'A slow fox [[*:slow=20]]');
    await page.getByRole('link', { name: 'Gallery' }).click();
    await page
      .getByRole('navigation', { name: 'Runs in progress' })
      .getByText('A slow fox')
      .waitFor();
    await page.getByRole('link', { name: 'Studio', exact: true }).click();
    await page.waitForURL(`**/run/${id}`);
    expect(await cards(page).count()).toBe(9);
    const other = await page.context().newPage();
    await other.goto('/');
    await other.getByRole('navigation', { name: 'Runs in progress' }).getByRole('link').click();
    await other.waitForURL(`**/run/${id}`);
  });

  it('is found again when the page was left before the answer', async () => {
    const page = await open();
    await openStudio(page);
    await page.route('**/api/generate', async (route) => {
      const answer = await route.fetch();
      await new Promise((done) => setTimeout(done, 1500));
      await route.fulfill({ response: answer });
    });
    await prompt(page).fill('An early leaver [[*:slow=20]]');
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByRole('link', { name: 'Gallery' }).click();
    await page.getByRole('navigation', { name: 'Runs in progress' }).getByRole('link').click();
    await page.getByRole('heading', { name: 'An early leaver' }).waitFor();
  });

  it('is no longer listed when it has ended', async () => {
    const page = await open();
    await finishedRun(page);
    await page.getByRole('link', { name: 'Pixel Prompt' }).click();
    await page.getByText('Try one of these').waitFor();
    expect(await page.getByRole('navigation', { name: 'Runs in progress' }).count()).toBe(0);
  });
});

it('a run that was retried shows its new picture in the gallery', async () => {
  const page = await open();
  const id = await finishedRun(page, `A fox ${crypto.randomUUID()} [[recraft:once-server_error]]`);
  const { target } = await serverJob(page, id);
  await expect
    .poll(async () => (await page.request.get(`/api/gallery/${target}`)).status())
    .toBe(200);
  const pictures = page.locator('main ul[aria-label="Pictures"] img');
  await page.goto(`/gallery/${target}`);
  await expect.poll(() => pictures.count()).toBe(8);
  await page.getByRole('button', { name: 'Open the run' }).click();
  await card(page, 7).getByRole('button', { name: 'Retry' }).click();
  await card(page, 7).locator('img[data-shown]').waitFor();
  await page.goBack();
  await expect.poll(() => pictures.count()).toBe(9);
});

it('the page says how long runs are kept as the server says it', async () => {
  const page = await open();
  await page.route('**/api/models', async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, limits: { ...answer.limits, retentionDays: 1 } } });
  });
  await page.goto('/gallery/2020-01-01-nothing');
  await page.getByText('It may have expired: runs are kept for 1 day.').waitFor();
  await page.goto(`/run/${crypto.randomUUID()}`);
  await page.getByText('it is older than 1 day and has expired').waitFor();
});
