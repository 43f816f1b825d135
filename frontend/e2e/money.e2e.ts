import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { cards, connection, ended, generate, openStudio, prompt, serverJob } from './studio';

const open = browserOfFile();

const generateButton = (page: Page) => page.getByRole('button', { name: 'Generate' });

/** What the page asked for that may cost money or end what does. */
function spending(page: Page): string[] {
  const calls: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === 'POST') calls.push(pathname.replace(/\/jobs\/[^/]+/, ''));
  });
  return calls;
}

async function startedRun(page: Page, data: object): Promise<string> {
  const { jobId } = await (await page.request.post('/api/generate', { data })).json();
  return jobId;
}

describe('one wish is one run', () => {
  it('when every answer was lost and the button is pressed again', async () => {
    const page = await open();
    await openStudio(page);
    const keys = new Set<string | undefined>();
    const jobs = new Set<string>();
    let lost = true;
    await page.route('**/api/generate', async (route) => {
      keys.add(route.request().headers()['idempotency-key']);
      const answer = await route.fetch();
      jobs.add((await answer.json()).jobId);
      return lost ? route.abort() : route.fulfill({ response: answer });
    });
    await prompt(page).fill(`A fox ${crypto.randomUUID()}`);
    await generateButton(page).click();
    await page.getByText('The answer was lost: this run may have begun.').waitFor();
    await page.reload();
    await connection(page, 'live');
    await page.getByText('The answer was lost: this run may have begun.').waitFor();
    lost = false;
    await generateButton(page).click();
    await page.waitForURL(/\/run\//);
    expect([keys.size, jobs.size]).toEqual([1, 1]);
    expect(page.url()).toContain([...jobs][0]);
  });

  it('but the next click after an answer is another', async () => {
    const page = await open();
    await openStudio(page);
    const first = await generate(page, 'A fox, twice');
    await generateButton(page).click();
    await page.waitForURL((url) => !url.pathname.includes(first) && url.pathname !== '/');
  });
});

describe('using a run again', () => {
  it('goes to its models, with all its settings in sight, and is undone', async () => {
    const page = await open();
    await openStudio(page);
    await prompt(page).fill('Words of my own');
    const id = await startedRun(page, {
      prompt: 'Three models only',
      models: [2, 4, 8],
      seed: 77,
      negativePrompt: 'people, text',
      aspectRatio: '3:2',
      steps: 40,
    });
    await page.goto(`/?from=${id}`);
    await page.getByText('3:2 · seed 77 · steps 40 · without “people, text”').waitFor();
    await page.getByText(/^3 models ≈ \$/).waitFor();
    await page.getByText('3 of 9', { exact: true }).waitFor();
    const again = await serverJob(page, await generate(page, 'Three models only'));
    expect(again.parameters.models).toEqual([2, 4, 8]);
    await page.goto(`/?from=${id}`);
    // The composer kept the settings of before; only then it is filled from the run.
    await page.waitForURL((url) => !url.searchParams.has('from'));
    await page.getByRole('button', { name: 'Clear settings' }).click();
    await page.getByText('without “people, text”').waitFor({ state: 'detached' });
    const plain = await serverJob(page, await generate(page, 'Another prompt'));
    expect(plain.parameters.seed).not.toBe(77);
    expect(plain.parameters.negativePrompt ?? '').toBe('');
  });

  it('says when it may cost more than that run took', async () => {
    const page = await open();
    await openStudio(page);
    const id = await generate(page, 'A fox [[stability:refuse]] [[recraft:refuse]]');
    await ended(page);
    await page.goto(`/?from=${id}`);
    await page.getByText(/It may cost more: ≈ \$0\.\d+; that run took \$0\.\d+\./).waitFor();
  });
});

describe('single keys', () => {
  it('neither spend nor cancel when a prompt is typed beside the field', async () => {
    const page = await open();
    await openStudio(page);
    const id = await generate(page, 'Slow [[*:slow=5]] [[stability:refuse]]');
    const calls = spending(page);
    await page.locator('body').click({ position: { x: 5, y: 5 } });
    await page.keyboard.type('Quiet lake, early red sky. Quite rare.\n', { delay: 30 });
    await page.keyboard.press('Escape');
    await ended(page);
    expect(await cards(page, 'cancelled').count()).toBe(0);
    expect(calls).toEqual([]);
    expect((await serverJob(page, id)).completedModels).toBe(8);
  });

  it('do it when the question is answered with yes', async () => {
    const page = await open();
    await openStudio(page);
    await generate(page, 'Slow [[*:slow=30]]');
    await page.keyboard.press('Tab');
    await page.locator('h1').click();
    await page.keyboard.press('q');
    const question = page.getByRole('dialog', { name: 'Cancel the rest?' });
    await question.getByText('may be billed all the same').waitFor();
    await question.getByRole('button', { name: 'Cancel the rest' }).click();
    await ended(page);
    expect(await cards(page, 'cancelled').count()).toBe(9);
  });

  it('Enter in a field of the composer starts nothing', async () => {
    const page = await open();
    await openStudio(page);
    const calls = spending(page);
    await prompt(page).fill('A fox');
    await page.getByText('Settings', { exact: true }).click();
    await page.getByLabel('Seed', { exact: true }).press('Enter');
    await page.getByRole('checkbox').first().press('Enter');
    expect(calls).toEqual([]);
    expect(new URL(page.url()).pathname).toBe('/');
  });
});

describe('a grey Generate', () => {
  it('says that no model is chosen', async () => {
    const page = await open();
    await openStudio(page);
    await prompt(page).fill('A fox');
    await page.getByRole('button', { name: 'None' }).click();
    await page.getByText('No model is chosen.', { exact: true }).waitFor();
    expect(await generateButton(page).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await expect.poll(() => generateButton(page).isEnabled()).toBe(true);
  });

  it('says that a prompt has only characters that cannot be seen', async () => {
    const page = await open();
    await openStudio(page);
    await prompt(page).fill('\u200b\ufeff\u3164');
    await page.getByText('The prompt has only characters that cannot be seen.').waitFor();
    expect(await generateButton(page).isDisabled()).toBe(true);
  });
});
