import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { cards, ended, generate, openStudio, serverJob, shownPictures } from './studio';

const open = browserOfFile();

interface Known {
  name: string;
  provider: string;
  modelId: string;
}

/** What would tell whose a picture is, of all that the run's screen holds. */
async function telling(page: Page): Promise<string[]> {
  const { models } = await (await page.request.get('/api/models')).json();
  const words = models.flatMap(({ name, provider, modelId }: Known) => [name, provider, modelId]);
  const shown = (await page.getByRole('main').innerHTML()).toLowerCase();
  return [...words, '$'].filter((word) => shown.includes(word.toLowerCase()));
}

const headings = (page: Page) => cards(page).getByRole('heading').allTextContents();

it('a blind run shows letters only, and two keys reveal everything in place', async () => {
  const page = await open();
  await openStudio(page);
  await page.getByRole('checkbox', { name: 'Blind' }).check();
  const id = await generate(page, 'A heron in the reeds');
  const names = await headings(page);
  expect(names).toEqual([...'ABCDEFGHI']);
  expect(await telling(page)).toEqual([]);
  await ended(page);
  await expect.poll(() => shownPictures(page).count()).toBe(9);
  expect(await telling(page)).toEqual([]);
  await page.getByRole('img', { name: 'A: A heron in the reeds' }).waitFor();

  const second = await cards(page).nth(1).elementHandle();
  await page.keyboard.press('Escape');
  await second?.focus();
  await page.keyboard.press('v');
  await page.getByRole('heading', { name: 'Revealed' }).waitFor();
  const job = await serverJob(page, id);
  const drew = new Map(
    job.results.map(({ letter, model }: { letter: string; model: string }) => [letter, model]),
  );
  expect(await headings(page)).toEqual(names.map((letter) => drew.get(letter)));
  expect(await second?.evaluate((card) => card.querySelector('h2')?.textContent)).toBe(
    drew.get('B'),
  );
  expect(await second?.textContent()).toContain('Best');
  await page.getByText(`B is ${drew.get('B')}`).waitFor();
});
