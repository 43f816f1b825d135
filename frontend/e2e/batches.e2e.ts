import { expect, it } from 'vitest';
import { checkAccess, violations } from './axe';
import { chooseData, field, numbers, planned, serverBatch, template } from './batch';
import { browserOfFile } from './browser';
import { connection } from './studio';

const open = browserOfFile();

it('a file with a problem and a template with another: both are told where they are', async () => {
  const page = await open();
  await page.goto('/');
  await page.getByRole('link', { name: 'Batches' }).click();
  await page.getByRole('link', { name: 'New batch' }).click();
  await page.getByText('No problem found.').waitFor();
  await chooseData(page);
  await page.getByText('row 2, line 4').waitFor();
  const rows = page.getByRole('region', { name: 'The first rows' }).getByRole('row');
  expect(await rows.count()).toBe(3);
  await rows.getByText('watercolour').waitFor();
  await field(page).fill(template('product.name'));
  const problem = page.getByRole('button', { name: /line 3.*product/ }).first();
  await problem.waitFor();
  expect(await page.locator('[data-wrong]').allTextContents()).toEqual(['3']);
  await page.getByText('not in the data').waitFor();
  await problem.click();
  const caret = await field(page).evaluate((it) => (it as HTMLTextAreaElement).selectionStart);
  expect(template('product.name').slice(0, caret).split('\n')).toHaveLength(3);
  await field(page).fill(template('name'));
  await page.getByText('No problem found.').waitFor();
  expect(await page.getByText('in every row').count()).toBe(2);
  await page.getByText('In 20 words: a brass').waitFor();
  expect(await violations(page)).toEqual([]);
  await checkAccess(page);
});

it('a batch is planned, started and completed, and every number shown is the server’s', async () => {
  const page = await open();
  await planned(page);
  const { plan } = await serverBatch(page);
  expect([plan.rows, plan.calls, plan.pictures]).toEqual([2, 6, 4]);
  await page.getByText('2 rows in 6 calls of models, with 4 pictures.').waitFor();
  const said = await page.getByRole('region', { name: 'Plan' }).textContent();
  const [expected, worst, limit] = [...(said ?? '').matchAll(/\$([\d.]+\d)/g)].map((m) =>
    Number(m[1]),
  );
  expect([expected, worst, limit]).toEqual([plan.expectedUsd, plan.worstUsd, 2]);
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('status').getByText('completed').waitFor({ timeout: 90_000 });
  const made = await serverBatch(page);
  expect(await numbers(page, 'Money')).toEqual({
    spent: made.budget.spent,
    'of that unknown': made.budget.unknown,
    reserved: made.budget.reserved,
    left: made.budget.left,
  });
  expect(await numbers(page, 'Progress')).toMatchObject({ done: 2, pictures: 4 });
  await page.getByText('Costs by step and model').first().click();
  await page.getByRole('img', { name: /^Costs by step and model/ }).waitFor();
  await page.getByText(`${made.pictures} pictures stand, at $`).waitFor();
  const costs = await page
    .locator('table tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  const told = made.spendBy.map(
    (each: { step: string; model: string; calls: number; usd: number }) => [
      each.step,
      each.model,
      each.calls,
      each.usd,
    ],
  );
  expect(
    costs.map(([step, model, calls, usd]) => [step, model, Number(calls), Number(usd?.slice(1))]),
  ).toEqual(told);
  await page.getByRole('grid').locator('img').nth(3).waitFor();
  expect(await violations(page)).toEqual([]);
  await checkAccess(page);

  await page.getByText('Export', { exact: true }).click();
  await page.getByLabel('Folders').selectOption('by a field of the rows');
  await page.getByRole('combobox', { name: 'Field' }).fill('style');
  await page.getByRole('button', { name: 'Make the file' }).click();
  await page.getByRole('link', { name: /\.zip$/ }).waitFor();
  await page.getByLabel('Folders').selectOption('none, one file');
  await page.getByRole('button', { name: 'Make the file' }).click();
  const link = page.getByRole('link', { name: /\.jsonl$/ });
  const file = await page.request.get((await link.getAttribute('href')) ?? '');
  const records = (await file.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(records).toHaveLength(4);
  expect(new Set(records.map(({ row }) => row))).toEqual(new Set([1, 2]));
  expect(await violations(page)).toEqual([]);
});

it('a run of the studio and a batch are each where another batch begins', async () => {
  const page = await open();
  const data = { prompt: 'A "fox" {{ in }} the snow', models: [2], seed: 7 };
  const { jobId } = await (await page.request.post('/api/generate', { data })).json();
  await page.goto(`/run/${jobId}`);
  await page.getByRole('button', { name: 'Use in a batch' }).click();
  await expect.poll(() => field(page).inputValue()).toContain('models: ["Nano Banana 2.1"]');
  expect(new URL(page.url()).search).toBe('');
  await chooseData(page);
  const asked = page.getByRole('region', { name: 'What is asked' });
  await asked.getByText('A "fox" {{ in }} the snow', { exact: true }).waitFor();
  await page.getByLabel('Budget, US dollars').fill('2');
  await page.getByRole('button', { name: 'Plan it' }).click();
  await page.getByRole('link', { name: 'Another like it' }).click();
  await expect.poll(() => field(page).inputValue()).toContain('models: ["Nano Banana 2.1"]');
  await page.getByRole('button', { name: 'Plan it' }).click({ trial: true });
});

it('a batch that is out of budget says so, and goes on when it is raised; what fails can be looked at', async () => {
  const page = await open();
  const post = async (path: string, data: object) =>
    (await page.request.post(`/api${path}`, { data })).json();
  const failing = template('product.name').replace(
    '{{ style }}',
    '{{ product.style }} [[google:refuse]]',
  );
  const { templateId } = await post('/templates', { definition: failing });
  const seedDataId = 'sample-product-pictures';
  const { batchId } = await post('/batches', { templateId, seedDataId, budgetUsd: 0.1 });
  await page.goto(`/batches/${batchId}`);
  await page.getByText(/it would stop there/).waitFor();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('status').getByText('out of budget').waitFor({ timeout: 60_000 });
  await checkAccess(page);
  await page.getByRole('button', { name: 'Raise the budget' }).click();
  await page.getByLabel('Budget in US dollars').fill('5');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Set the budget' }).click();
  await page.getByRole('status').getByText('completed, some failed').waitFor({ timeout: 60_000 });
  const { budget, rows } = await serverBatch(page);
  expect([rows.failed, budget.limit]).toEqual([4, 5]);
  expect(await numbers(page, 'Money')).toMatchObject({ spent: budget.spent, left: budget.left });
  await page.getByRole('button', { name: 'failed 4' }).click();
  const where = page.getByLabel('Failed where');
  await where.selectOption({ label: 'picture, Nano Banana 2.1' });
  await page.getByRole('grid', { name: ': 4 rows by' }).waitFor();
  await page.getByRole('button', { name: 'Make these again' }).click();
  await page.getByText('4 rows that failed there are made again.').waitFor();
  await page.keyboard.press('Escape');
  const brief = where.getByText(/^brief, /);
  await where.selectOption((await brief.getAttribute('value')) ?? '');
  await page.getByText('No row is in this state.').waitFor();
  await where.selectOption('wherever they failed');
  await page.getByRole('rowheader').nth(2).click();
  const row = page.getByRole('dialog', { name: 'Row 3' });
  await row.getByRole('button', { name: 'Make this row again' }).waitFor();
  expect(await violations(page)).toEqual([]);
});

it('keys lead through the rows, and open a picture and a row', async () => {
  const page = await open({ reducedMotion: 'reduce' });
  await planned(page);
  await connection(page, 'live');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('status').getByText('completed').waitFor({ timeout: 90_000 });
  const grid = page.getByRole('grid');
  await grid.locator('img').nth(3).waitFor();
  await grid.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.locator('dialog img[data-full]').waitFor();
  expect(new URL(page.url()).search).toBe('?cell=1.3');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const row = page.getByRole('dialog', { name: 'Row 2' });
  await row.getByText('"name": "a chair"').waitFor();
  await row.getByRole('link', { name: 'Compare its pictures' }).click();
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await comparison.getByRole('button', { name: 'Slider' }).click();
  expect(new URL(page.url()).searchParams.get('mode')).toBe('slider');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Back to the row' }).click();
  await row.getByText('"name": "a chair"').waitFor();
});
