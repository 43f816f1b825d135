import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { card, ended, openStudio } from './studio';

const open = browserOfFile();

it('from the prompt to a saved picture without a mouse', async () => {
  const page = await open();
  await openStudio(page);
  await page.keyboard.press('/');
  await page.keyboard.type('A fox in the snow');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/run\//);
  await ended(page);
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).press('Tab');
  while (!(await page.evaluate(() => document.activeElement?.matches('[data-card] [data-focus]'))))
    await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect
    .poll(() =>
      page.evaluate(() =>
        document.activeElement?.closest('[data-card]')?.getAttribute('data-card'),
      ),
    )
    .toBe('2');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')]);
  expect(download.suggestedFilename()).toMatch(/^[\d-]+ fox-in-the 02 /);
  await page.keyboard.press('s');
  await expect.poll(() => card(page, 2).getAttribute('data-picked')).toBe('true');
});

it('every shortcut is listed in the help, which a key opens and closes', async () => {
  const page = await open();
  await openStudio(page);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help and shortcuts' });
  await help.waitFor();
  for (const label of ['Generate', 'Write the prompt', 'Gallery', 'Light or dark'])
    expect(await help.getByText(label, { exact: true }).count()).toBe(1);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
});

it('single letters can be switched off', async () => {
  const page = await open();
  await openStudio(page);
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: /Single letters/ }).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  expect(new URL(page.url()).pathname).toBe('/');
});

it('what is typed into a field is text, whatever it would mean elsewhere', async () => {
  const page = await open();
  await openStudio(page);
  await page.keyboard.press('/');
  await page.keyboard.type('g?txn');
  const field = page.getByRole('textbox', { name: 'Prompt', exact: true });
  expect(await field.inputValue()).toBe('g?txn');
  expect(new URL(page.url()).pathname).toBe('/');
});

it('the theme changes and is kept', async () => {
  const page = await open({ colorScheme: 'dark' });
  await openStudio(page);
  const scheme = () => page.evaluate(() => document.documentElement.style.colorScheme);
  await page.keyboard.press('t');
  await expect.poll(scheme).toBe('light');
  await page.reload();
  expect(await scheme()).toBe('light');
});

it('an example is taken up with the focus in the prompt, ready to be drawn', async () => {
  const page = await open();
  await openStudio(page);
  await page.getByRole('button', { name: /^Macro photograph/ }).press('Enter');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/run\//);
  await page.waitForFunction(() => document.title.includes('Macro photograph'));
});
