import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { finishedRun, prompt, serverJob } from './studio';

const open = browserOfFile();

const entries = (page: Page) => page.locator('main ul > li');

/** The run in the gallery; it is listed shortly after its last picture. */
async function openInGallery(page: Page, word: string): Promise<void> {
  await expect
    .poll(async () => {
      const list = await (await page.request.get('/api/gallery')).json();
      return list.galleries.some((run: { prompt: string }) => run.prompt.includes(word));
    })
    .toBe(true);
  await page.goto(`/gallery?q=${word}`);
  await entries(page).first().getByRole('link').click();
  await page.waitForURL(/\/gallery\/./);
}

async function saved(page: Page, button: string): Promise<{ name: string; data: Uint8Array }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: download.suggestedFilename(), data: readFileSync(await download.path()) };
}

describe('the gallery', () => {
  it('finds a run by words of its prompt and by its model', async () => {
    const page = await open();
    const word = crypto.randomUUID();
    await finishedRun(page, `A badger ${word} [[stability:refuse]]`);
    await openInGallery(page, word);
    const details: string[] = [];
    page.on('request', (sent) => /api\/gallery\/./.test(sent.url()) && details.push(sent.url()));
    await page.goto('/gallery');
    await entries(page).first().waitFor();
    const all = await entries(page).count();
    await page.getByRole('searchbox').fill(`${word} badger`);
    await expect.poll(() => entries(page).count()).toBe(1);
    await page.getByRole('combobox').selectOption('Recraft V4.1');
    await expect.poll(() => page.getByText('1 run', { exact: true }).count()).toBe(1);
    await page.getByRole('combobox').selectOption('Stable Image Ultra');
    await page.getByText('No run matches.').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('combobox').selectOption('');
    await expect.poll(() => entries(page).count()).toBeGreaterThanOrEqual(all);
    expect(details).toEqual([]);
  });

  it('shows a tall picture whole, and says of a run without any that there is none', async () => {
    const page = await open();
    const word = crypto.randomUUID();
    const requests = [
      { prompt: `Tall ${word}`, aspectRatio: '9:16', models: [7] },
      { prompt: `Refused ${word} [[recraft:refuse]]`, models: [7] },
    ];
    for (const data of requests) await page.request.post('/api/generate', { data });
    await expect
      .poll(async () => {
        await page.goto(`/gallery?q=${word}`);
        await page.getByText(/^\d+ runs?$/).waitFor();
        return entries(page).count();
      })
      .toBe(2);
    await page.getByText('No picture', { exact: true }).waitFor();
    const tall = entries(page).locator('img');
    const box = await tall.evaluate((image) => [
      image.clientHeight,
      image.parentElement?.clientHeight,
    ]);
    expect(box[0]).toBe(box[1]);
    await entries(page).filter({ hasText: 'No picture' }).getByRole('link').click();
    await page.getByRole('heading', { name: 'No picture came of this run' }).waitFor();
    await page.getByRole('button', { name: 'Open the run' }).click();
    await page.getByRole('heading', { name: 'No model could draw this' }).waitFor();
  });

  it('gives all pictures as a zip with a manifest, each file as the server has it', async () => {
    const page = await open();
    const word = crypto.randomUUID();
    const id = await finishedRun(page, `An otter ${word} [[stability:refuse]]`);
    await openInGallery(page, word);
    const zip = await saved(page, 'Download all');
    const files = unzipSync(zip.data);
    const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json']));
    const job = await serverJob(page, id);
    expect(zip.name).toContain(job.target);
    expect(manifest.prompt).toContain(word);
    expect(Object.keys(files)).toHaveLength(1 + job.completedModels);
    for (const { file, imageUrl, bytes } of manifest.pictures) {
      const original = await (await page.request.get(imageUrl)).body();
      expect(files[file]?.length).toBe(bytes);
      expect(original.equals(files[file] ?? new Uint8Array())).toBe(true);
    }
  });

  it('uses a prompt again, with its settings', async () => {
    const page = await open();
    const word = crypto.randomUUID();
    await finishedRun(page, `A heron ${word}`);
    await openInGallery(page, word);
    await prompt(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Use again' }).click();
    await expect.poll(() => prompt(page).inputValue()).toBe(`A heron ${word}`);
    await page.waitForURL((url) => url.pathname === '/' && url.search === '');
  });

  it('tells the settings that were asked for, and no default', async () => {
    const page = await open();
    const word = crypto.randomUUID();
    const data = { prompt: `A wren ${word}`, models: [8], steps: 40, negativePrompt: 'people' };
    await page.request.post('/api/generate', { data });
    await openInGallery(page, word);
    await page.getByText(/ · steps 40 · negative prompt people · aspect ratio 1:1$/).waitFor();
  });

  it('copies link, prompt and JSON', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    const word = crypto.randomUUID();
    await finishedRun(page, `A lynx ${word}`);
    await openInGallery(page, word);
    const copied = async (button: string) => {
      await page.getByRole('button', { name: button }).click();
      await page.getByText('copied.').waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(await copied('Copy link')).toBe(page.url());
    expect(await copied('Copy prompt')).toBe(`A lynx ${word}`);
    await expect.poll(async () => (await copied('Copy as JSON')).startsWith('{')).toBe(true);
  });

  it('says that a run is gone', async () => {
    const page = await open();
    await page.goto('/gallery/2020-01-01-nothing');
    await page.getByRole('heading', { name: 'There is no such run' }).waitFor();
  });

  it('is honest when it is empty', async () => {
    const page = await open();
    await page.route('**/api/gallery?**', (route) =>
      route.fulfill({ json: { galleries: [], next: null } }),
    );
    await page.goto('/gallery');
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  });

  it('scrolls on, page after page', async () => {
    const page = await open();
    await page.route('**/api/gallery?**', (route) => {
      const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
      const galleries = Array.from({ length: 50 }, (_, entry) => ({
        target: `t-${at}-${entry}`,
        jobId: `j-${at}-${entry}`,
        prompt: `Run ${at * 50 + entry}`,
        createdAt: '2026-11-21T10:00:00.000Z',
        images: 1,
        models: ['Recraft V4.1'],
        preview: { thumbUrl: null, model: null },
      }));
      return route.fulfill({ json: { galleries, next: at < 2 ? String(at + 1) : null } });
    });
    await page.goto('/gallery');
    await expect
      .poll(async () => {
        await page.keyboard.press('End');
        return entries(page).count();
      })
      .toBe(150);
  });
});
