import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { card, finishedRun, serverJob } from './studio';

const open = browserOfFile();

it('a star and a verdict by one key each are found in the gallery and on the leaderboard', async () => {
  const page = await open();
  const word = crypto.randomUUID();
  const id = await finishedRun(page, `A heron ${word}`);
  await card(page, 3).focus();
  await page.keyboard.press('f');
  await page.keyboard.press('v');
  await expect.poll(async () => (await serverJob(page, id)).verdict?.winner).toBe('3');

  await page.goto(`/gallery?q=${word}`);
  await page.getByRole('checkbox', { name: 'With a star' }).check();
  await expect.poll(() => page.getByText('1 run', { exact: true }).count()).toBe(1);
  expect(new URL(page.url()).searchParams.get('starred')).toBe('true');

  await page.getByRole('link', { name: 'Leaderboard of your verdicts' }).click();
  const rows = page.getByRole('table').getByRole('row');
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(10);
  const board = await (await page.request.get('/api/leaderboard')).json();
  const names = await page.getByRole('rowheader').allTextContents();
  expect(names).toEqual(board.models.map(({ model }: { model: string }) => model));
  const winner = board.models.find(({ model }: { model: string }) => model === 'FLUX.3');
  const shown = await page.getByRole('row', { name: 'FLUX.3' }).getByRole('cell').allTextContents();
  expect(shown).toContain(winner.rating.toFixed(0));
  expect(shown).toContain(String(winner.votes));

  await page.getByRole('combobox', { name: 'Period' }).selectOption('7');
  await expect.poll(() => new URL(page.url()).searchParams.get('days')).toBe('7');
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(10);
});

it('without a verdict the leaderboard says how one comes about', async () => {
  const page = await open();
  await page.route('**/api/leaderboard?**', (route) =>
    route.fulfill({ json: { models: [], votes: 0 } }),
  );
  await page.goto('/leaderboard');
  await page.getByRole('heading', { name: 'No verdict yet' }).waitFor();
});
