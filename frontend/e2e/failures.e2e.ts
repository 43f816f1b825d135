import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile } from './browser';
import {
  card,
  cards,
  ended,
  generate,
  openStudio,
  prompt,
  serverJob,
  shownPictures,
} from './studio';

const open = browserOfFile();

/** Answers the question that a key asks before it spends or ends something. */
async function agree(page: Page, action: string): Promise<void> {
  const question = page.getByRole('dialog', { name: `${action}?` });
  await question.getByRole('button', { name: action }).press('Enter');
}

describe('a slot that fails', () => {
  it('says why, and succeeds in its own card when retried', async () => {
    const page = await open();
    await openStudio(page);
    const id = await generate(page, `A fox ${crypto.randomUUID()} [[openai:once-server_error]]`);
    await ended(page);
    expect(await cards(page, 'error').count()).toBe(1);
    await card(page, 1).getByRole('button', { name: 'Retry' }).click();
    await card(page, 1).locator('img[data-shown]').waitFor();
    expect(await cards(page).count()).toBe(9);
    const { results, status } = await serverJob(page, id);
    expect(status).toBe('completed');
    expect(results[0].attempt).toBe(2);
  });

  it('does not hold up the others, nor offer a retry that would be refused', async () => {
    const page = await open();
    await openStudio(page);
    await generate(page, 'A fox [[stability:refuse]]');
    await ended(page);
    expect(await cards(page, 'completed').count()).toBe(8);
    const failed = cards(page, 'error');
    expect(await failed.innerText()).toContain('refused');
    expect(await failed.getByRole('button', { name: 'Retry' }).count()).toBe(0);
  });
});

it('all failed slots are retried with one button', async () => {
  const page = await open();
  await openStudio(page);
  await generate(page, `A fox ${crypto.randomUUID()} [[bfl:once-server_error]]`);
  await ended(page);
  await page.getByRole('button', { name: 'Retry 2 failed' }).click();
  await expect.poll(() => cards(page, 'completed').count(), { timeout: 60_000 }).toBe(9);
});

it('a run is cancelled: what is drawn stays, and the rest ends at once', async () => {
  const page = await open();
  await openStudio(page);
  const id = await generate(page, 'A fox [[bfl:slow=40]] [[qwen:slow=40]]');
  await expect.poll(() => cards(page, 'completed').count(), { timeout: 60_000 }).toBe(6);
  await page.getByRole('button', { name: 'Cancel the rest' }).click();
  await ended(page);
  expect(await cards(page, 'cancelled').count()).toBe(3);
  expect(await cards(page, 'completed').count()).toBe(6);
  expect((await serverJob(page, id)).status).toBe('partial');
  await page.getByText('6 of 9 pictures', { exact: true }).waitFor();
  await page.getByText('3 cancelled', { exact: true }).waitFor();
  expect(await card(page, 8).getByRole('button', { name: 'Retry' }).isEnabled()).toBe(true);
});

describe('one model', () => {
  it('is cancelled in its card, and the others finish', async () => {
    const page = await open();
    await openStudio(page);
    const id = await generate(page, 'A fox [[qwen:slow=30]] [[stability:slow=8]]');
    const cancel = (slot: number) =>
      card(page, slot).getByRole('button', { name: 'Cancel this model' });
    await card(page, 8).locator('text=Drawing').waitFor();
    await cancel(8).click();
    await card(page, 8).getByText('Cancelled', { exact: true }).waitFor();
    expect(await cards(page, 'in_progress').count()).toBeGreaterThan(0);
    await ended(page);
    expect(await cards(page, 'completed').count()).toBe(8);
    expect(await page.getByRole('button', { name: /^Cancel/ }).count()).toBe(0);
    const { results, status } = await serverJob(page, id);
    expect([status, results[7].status, results[7].cost.basis]).toEqual([
      'partial',
      'cancelled',
      'unknown',
    ]);
  });

  it('is cancelled by key, which keeps the focus in its card, and may be retried', async () => {
    const page = await open();
    await openStudio(page);
    await generate(page, 'A fox [[qwen:slow=6]] [[recraft:slow=30]]');
    const slow = card(page, 7);
    await slow.locator('text=Drawing').waitFor();
    await slow.getByRole('button', { name: 'Cancel this model' }).focus();
    await page.keyboard.press('x');
    await agree(page, 'Cancel this model');
    await slow.getByText('Cancelled', { exact: true }).waitFor();
    await expect.poll(() => slow.evaluate((element) => element.matches(':focus'))).toBe(true);
    await page.keyboard.press('r');
    await agree(page, 'Retry');
    await slow.locator('text=Drawing').waitFor();
    await page.keyboard.press('q');
    await agree(page, 'Cancel the rest');
    await ended(page);
    expect(await card(page, 7).getAttribute('data-status')).toBe('cancelled');
  });
});

describe('a run that cannot start', () => {
  it('is refused with the server’s own sentence', async () => {
    const page = await open();
    await openStudio(page);
    await page.route('**/api/generate', (route) =>
      route.fulfill({
        status: 400,
        json: {
          error: 'This prompt asks for something we do not draw.',
          code: 'CONTENT_BLOCKED',
          requestId: 'r',
        },
      }),
    );
    await prompt(page).fill('Something');
    await page.getByRole('button', { name: 'Generate' }).click();
    await page
      .getByRole('alert')
      .getByText('This prompt asks for something we do not draw.')
      .waitFor();
  });

  it('counts a rate limit down, and then may start', async () => {
    const page = await open();
    await openStudio(page);
    await page.route('**/api/generate', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'Retry-After': '3' },
        json: {
          error: 'You have used all 50 runs of today.',
          code: 'RATE_LIMITED',
          scope: 'ip',
          requestId: 'r',
        },
      }),
    );
    await prompt(page).fill('Something');
    const button = page.getByRole('button', { name: 'Generate' });
    await button.click();
    await page.getByText(/You can generate again in 00:0\d/).waitFor();
    expect(await button.isDisabled()).toBe(true);
    await expect.poll(() => button.isEnabled()).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('is started once, though the first answer was lost', async () => {
    const page = await open();
    await openStudio(page);
    const keys: (string | undefined)[] = [];
    await page.route('**/api/generate', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    const id = await generate(page, `A fox ${crypto.randomUUID()}`);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect((await serverJob(page, id)).jobId).toBe(id);
  });
});

it('a run that does not exist is said to be missing', async () => {
  const page = await open();
  await page.goto(`/run/${crypto.randomUUID()}`);
  await page.getByRole('heading', { name: 'There is no such run' }).waitFor();
});

it('without a server, the page says so and keeps trying', async () => {
  const page = await open();
  await page.route('**/api/**', (route) => route.abort());
  await page.goto('/');
  await page.locator('[data-connection="offline"]').waitFor();
  await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
  await page.unroute('**/api/**');
  await page.locator('[data-connection="live"]').waitFor();
});

it('without a model, the page says how to configure one', async () => {
  const page = await open();
  await page.route('**/api/models', async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, models: [], promptModel: null } });
  });
  await page.goto('/');
  await page.getByRole('heading', { name: 'No model is configured' }).waitFor();
});

it('a screen whose code cannot be fetched says so, and the others still open', async () => {
  const page = await open({ serviceWorkers: 'block' });
  await page.route('**/assets/Gallery-*.js', (route) => route.abort());
  await openStudio(page);
  await page.getByRole('link', { name: 'Gallery' }).click();
  await page.getByRole('heading', { name: 'This screen could not be shown' }).waitFor();
  await page.getByRole('link', { name: 'Studio', exact: true }).click();
  await prompt(page).waitFor();
});

it('a picture that does not come through is asked for again', async () => {
  const page = await open();
  const refused = new Set<string>();
  await page.route('**/group-images/**', (route) => {
    const url = route.request().url();
    if (refused.has(url)) return route.continue();
    refused.add(url);
    return route.abort();
  });
  await openStudio(page);
  await generate(page, `A fox ${crypto.randomUUID()}`);
  await ended(page);
  await expect.poll(() => shownPictures(page).count()).toBe(9);
  expect(refused.size).toBeGreaterThanOrEqual(9);
});
