import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { checkAccess, violations } from './axe';
import { field, planned, serverBatch, template } from './batch';
import { browserOfFile } from './browser';

const open = browserOfFile();

const fine = (page: Page) => page.getByText('No problem found.').waitFor();

async function write(page: Page, definition: string): Promise<void> {
  await field(page).fill(definition);
  await fine(page);
}

/** Chosen by what it was kept as, so that the test finds its own template. */
async function openTemplate(page: Page, definition: string): Promise<string> {
  const data = { definition };
  const { templateId } = await (await page.request.post('/api/templates', { data })).json();
  await page.goto(`/batches/new?template=${templateId}`);
  await fine(page);
  expect(await field(page).inputValue()).toBe(definition);
  return templateId;
}

const changes = (page: Page) => page.getByRole('dialog', { name: 'What changed' });

it('versions of a template are compared line by line, and an older one is opened', async () => {
  const page = await open();
  const first = template('name');
  await openTemplate(page, first);
  const second = first.replace('In 20 words', 'In 30 words').concat('# kept\n');
  await write(page, second);
  await page.getByRole('button', { name: 'What changed' }).click();
  await changes(page).getByText('2 lines added, 1 line removed.').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Kept as version 2.').waitFor();

  await page.getByRole('button', { name: 'What changed' }).click();
  const lines = changes(page).getByRole('list', { name: 'Lines' }).getByRole('listitem');
  await lines.filter({ hasText: 'removed: ' }).getByText('In 20 words').waitFor();
  expect(await lines.filter({ hasText: 'added: ' }).allTextContents()).toEqual([
    expect.stringContaining('In 30 words'),
    expect.stringContaining('# kept'),
  ]);
  await checkAccess(page);
  await changes(page).getByLabel('To').selectOption('version 1');
  await changes(page).getByText('Both are the same.').waitFor();
  await changes(page).getByRole('button', { name: 'Open version 1' }).click();
  await expect.poll(() => field(page).inputValue()).toBe(first);
  expect(await page.getByLabel('Version').inputValue()).toBe('1');
});

it('who was overtaken is told so, compares, and keeps what they wrote', async () => {
  const page = await open();
  const templateId = await openTemplate(page, template('name'));
  const theirs = template('name').replace('In 20 words', 'In 50 words');
  await page.request.put(`/api/templates/${templateId}`, { data: { definition: theirs } });
  const mine = template('name').replace('In 20 words', 'In 40 words');
  await write(page, mine);
  await page.getByRole('button', { name: 'Save' }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'Somebody was faster' });
  await notice.getByText(/Version 2 has been kept meanwhile/).waitFor();
  expect(await violations(page)).toEqual([]);
  await notice.getByRole('button', { name: 'Compare with mine' }).click();
  await changes(page).getByText('1 line added, 1 line removed.').waitFor();
  await changes(page).getByText('In 50 words').waitFor();
  await page.keyboard.press('Escape');
  await notice.getByRole('button', { name: 'Keep mine as version 3' }).click();
  await page.getByText('Kept as version 3.').waitFor();
  await notice.waitFor({ state: 'detached' });
  const kept = await page.request.get(`/api/templates/${templateId}?version=3`);
  expect((await kept.json()).definition).toBe(mine);

  await page.request.delete(`/api/templates/${templateId}`);
  await write(page, theirs);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Keep mine as another template' }).click();
  await page.getByText('Kept as version 1.').waitFor();
});

it('what is chosen under More is in the plan: axes, rows from one to another, priority', async () => {
  const page = await open();
  await planned(page, async () => {
    await page.getByLabel('Rows', { exact: true }).selectOption('from … to …');
    await page.getByLabel('From row').fill('2');
    expect(await page.getByLabel('To row').inputValue()).toBe('2');
    await page.getByText('More', { exact: true }).click();
    await page.getByLabel('Seeds').fill('7, 8, 7');
    await page.getByLabel('3:2').check();
    await page.getByText('drawn and paid 2 times, once for each combination.').waitFor();
    await page.getByLabel('Priority').selectOption('before other batches');
    await checkAccess(page);
    await page.getByLabel('Guidance').fill('much');
    await page.getByText('More', { exact: true }).click();
    await page.getByRole('button', { name: 'Plan it' }).click();
    // A field that is wrong is shown, though it was hidden.
    await page.getByLabel('Guidance').fill('');
  });
  const { plan, columns } = await serverBatch(page);
  expect([plan.rows, plan.pictures]).toEqual([1, 4]);
  expect(columns[1].points).toBe(2);
});
