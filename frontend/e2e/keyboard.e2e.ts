import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { card, cards, ended, finishedRun, openStudio, prompt } from './studio';

const open = browserOfFile();

it('from the prompt to a saved picture without a mouse', async () => {
  const page = await open();
  await openStudio(page);
  await page.keyboard.press('/');
  await page.keyboard.type('A fox in the snow');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/run\//);
  await ended(page);
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

const focusedCard = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-card]')?.getAttribute('data-card'));

it('a run that has begun takes the focus to its pictures, unless one writes on', async () => {
  const page = await open();
  await openStudio(page);
  await prompt(page).fill('A fox in the snow');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/run\//);
  await expect.poll(() => focusedCard(page)).toBe('1');
  await page.route('**/api/generate', async (route) => {
    const response = await route.fetch();
    await prompt(page).press('End');
    await page.keyboard.type(' at night');
    await route.fulfill({ response });
  });
  const before = page.url();
  await prompt(page).press('Control+Enter');
  await page.waitForURL((url) => url.href !== before);
  await cards(page).first().waitFor();
  await page.keyboard.type(' and more');
  expect(await prompt(page).inputValue()).toBe('A fox in the snow at night and more');
});

it('Escape leaves the field for the card that keys mean', async () => {
  const page = await open();
  await finishedRun(page);
  await card(page, 4).hover();
  await prompt(page).focus();
  await page.keyboard.press('Escape');
  await expect.poll(() => focusedCard(page)).toBe('4');
  await page.keyboard.press('s');
  await expect.poll(() => card(page, 4).getAttribute('data-picked')).toBe('true');
});

it('keys mean the card under the mouse, and it is marked', async () => {
  const page = await open();
  await finishedRun(page);
  await card(page, 3).hover();
  await expect.poll(() => card(page, 3).getAttribute('data-current')).toBe('true');
  expect(await page.locator('[data-current]').count()).toBe(1);
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')]);
  expect(download.suggestedFilename()).toContain(' 03 ');
});

it('every button of a card is named for its picture', async () => {
  const page = await open();
  await finishedRun(page);
  const names = await page
    .locator('[data-card] button')
    .evaluateAll((all) =>
      all.map((button) => button.getAttribute('aria-label') ?? button.textContent ?? ''),
    );
  expect(new Set(names).size).toBe(names.length);
});

it('states are seen in forced colours', async () => {
  const page = await open({ forcedColors: 'active' });
  await finishedRun(page);
  await page.keyboard.press('s');
  const looks = (selector: string) =>
    page.locator(selector).evaluateAll((all) =>
      all.map((element) => {
        const { outlineStyle, outlineColor, borderBottomColor, backgroundColor } =
          getComputedStyle(element);
        return [outlineStyle !== 'none' && outlineColor, borderBottomColor, backgroundColor].join();
      }),
    );
  for (const group of [
    'header nav a',
    'input[name="aspect-ratio"] >> xpath=..',
    '[data-card] button[data-focus]',
  ])
    expect(new Set(await looks(group)).size, group).toBeGreaterThan(1);
  const [progress] = await looks('main header ol > li');
  const [card] = await looks('main header');
  expect(progress).not.toBe(card);
});
