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
  serverJob,
  shownPictures,
} from './studio';

const open = browserOfFile();

describe('a run', () => {
  it('shows a card per model at once, and each picture as it arrives', async () => {
    const page = await open();
    await openStudio(page);
    await generate(page, 'A fox in the snow');
    expect(await cards(page).count()).toBe(9);
    const counts = new Set<number>();
    await expect
      .poll(async () => counts.add(await shownPictures(page).count()).has(9), {
        timeout: 60_000,
        interval: 20,
      })
      .toBe(true);
    expect(counts.size).toBeGreaterThan(3);
  });

  it('tells of each picture what the server knows', async () => {
    const page = await open();
    const id = await finishedRun(page);
    const { results } = await serverJob(page, id);
    for (const { index, width, height, duration } of results) {
      const text = await card(page, index).innerText();
      expect(text).toContain(`${width}×${height}`);
      expect(text).toContain(`${duration.toFixed(1)} s`);
    }
  });

  it('shows its progress in the title of the tab', async () => {
    const page = await open();
    await openStudio(page);
    await generate(page, 'A fox [[*:slow=2]]');
    await page.waitForFunction(() => /^\(\d\/9\) A fox/.test(document.title));
    await ended(page);
    await page.waitForFunction(() => document.title.startsWith('A fox'));
  });

  it('goes only to the chosen models, with the chosen shape, for the price that was named', async () => {
    const page = await open();
    await openStudio(page);
    await page.getByRole('button', { name: 'None' }).click();
    for (const name of ['Recraft', 'Qwen']) await page.getByRole('checkbox', { name }).check();
    await page.getByText('4:3').click();
    expect(await page.getByText('nearest shape').count()).toBe(0);
    await page.getByRole('checkbox', { name: 'Stable Image Ultra' }).check();
    await page.getByText('Stable Image Ultra: the nearest shape instead.').waitFor();
    await page.getByRole('checkbox', { name: 'Stable Image Ultra' }).uncheck();
    await page.getByText('16:9').click();
    expect(await page.getByText(/^2 models ≈ \$/).count()).toBe(1);
    const id = await generate(page, 'A fox in the snow');
    const job = await serverJob(page, id);
    expect(job.totalModels).toBe(2);
    expect(job.parameters.aspectRatio).toBe('16:9');
  });

  it('keeps a locked seed from run to run', async () => {
    const page = await open();
    await openStudio(page);
    await page.getByText('Settings', { exact: true }).click();
    await page.getByLabel('Seed', { exact: true }).fill('4242');
    const first = await serverJob(page, await generate(page, 'A fox'));
    await page.goto('/');
    await connection(page, 'live');
    const second = await serverJob(page, await generate(page, 'A hare'));
    expect([first.parameters.seed, second.parameters.seed]).toEqual([4242, 4242]);
  });
});

it('a new run is seen from its beginning, with the options of a phone folded away', async () => {
  const page = await open({ viewport: { width: 320, height: 720 } });
  await openStudio(page);
  const options = page.getByRole('button', { name: 'Options' });
  await options.click();
  await page.evaluate(() => window.scrollTo(0, 400));
  await generate(page, 'A fox in the snow');
  expect(await options.getAttribute('aria-expanded')).toBe('false');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
});

describe('prompts', () => {
  it('come back with ↑ and go forward with ↓', async () => {
    const page = await open();
    await openStudio(page);
    for (const text of ['First prompt', 'Second prompt']) {
      await generate(page, text);
      await page.goto('/');
    }
    await prompt(page).fill('Half written');
    await prompt(page).press('Home');
    const texts = [];
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
      await prompt(page).press(key);
      await page.waitForFunction(() => {
        const area = document.activeElement as HTMLTextAreaElement;
        return area.selectionStart === 0;
      });
      texts.push(await prompt(page).inputValue());
    }
    expect(texts).toEqual(['Second prompt', 'First prompt', 'Second prompt', 'Half written']);
  });

  it('survive a reload, half written as they are', async () => {
    const page = await open();
    await openStudio(page);
    await prompt(page).fill('An unfinished thought');
    await page.reload();
    expect(await prompt(page).inputValue()).toBe('An unfinished thought');
  });

  it('are kept whole when too long, and not sent until they fit', async () => {
    const page = await open();
    await openStudio(page);
    await prompt(page).fill('x'.repeat(4000));
    await page.getByText('3000 too many: 4000 / 1000').waitFor();
    const start = page.getByRole('button', { name: 'Generate' });
    expect(await start.isDisabled()).toBe(true);
    await prompt(page).fill('x'.repeat(1000));
    await expect.poll(() => start.isEnabled()).toBe(true);
  });

  it('are shown by their first lines above a run, and whole on demand', async () => {
    const page = await open();
    await openStudio(page);
    await generate(page, `${'A long way to a fox in the snow. '.repeat(20)}The end.`);
    const title = page.getByRole('heading', { level: 1 });
    const height = async () => (await title.boundingBox())?.height ?? 0;
    const folded = await height();
    await page.getByRole('button', { name: 'Show the whole prompt' }).click();
    await expect.poll(height).toBeGreaterThan(folded * 1.5);
  });

  it('are put aside as drafts and taken up again', async () => {
    const page = await open();
    await openStudio(page);
    await prompt(page).fill('A draft to keep');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await prompt(page).fill('Something else');
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('button', { name: 'A draft to keep' }).click();
    expect(await prompt(page).inputValue()).toBe('A draft to keep');
  });

  it('are enhanced on approval, edited before, and restored by undo', async () => {
    const page = await open();
    await openStudio(page);
    await prompt(page).fill('A fox in the snow');
    await page.getByRole('button', { name: 'Enhance' }).click();
    const proposal = page.getByRole('textbox', { name: 'Enhanced' });
    await proposal.waitFor();
    expect(await page.locator('dialog ins').count()).toBeGreaterThan(0);
    await proposal.fill('A fox in deep snow');
    await page.getByRole('button', { name: 'Use this prompt' }).click();
    expect(await prompt(page).inputValue()).toBe('A fox in deep snow');
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await prompt(page).inputValue()).toBe('A fox in the snow');
  });

  it('stay open to editing when a selection ends outside of the dialog', async () => {
    const page = await open();
    await openStudio(page);
    await prompt(page).fill('A fox in the snow');
    await page.getByRole('button', { name: 'Enhance' }).click();
    const proposal = page.getByRole('textbox', { name: 'Enhanced' });
    await proposal.hover();
    await page.mouse.down();
    await page.mouse.move(10, 10);
    await page.mouse.up();
    await proposal.fill('Still here');
    await page.mouse.click(10, 10);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});
