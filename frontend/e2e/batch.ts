import type { Page } from 'playwright-core';

/** With a mark of byte order, a line break within quotes, and a row that lacks a cell. */
const CSV = '\ufeffname,style\r\n"a brass\r\nlamp",ink\r\na teapot\r\na chair,watercolour\r\n';

export const template = (path: string) => `name: Lamps
steps:
  - {id: brief, tier: cheap, max_tokens: 80, prompt: "In 20 words: {{ ${path} }}"}
  - {id: picture, kind: image, models: [1, 2], prompt: "{{ steps.brief.output }}, {{ style }}"}
`;

export const field = (page: Page) => page.getByRole('textbox', { name: 'Template' });

const batchId = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? '';

export const serverBatch = async (page: Page) =>
  (await page.request.get(`/api/batches/${batchId(page)}`)).json();

/** The numbers of a panel by their names, as numbers. */
export async function numbers(page: Page, panel: string): Promise<Record<string, number>> {
  const lines = page.getByRole('region', { name: panel }).locator('dl > div');
  const texts = await lines.evaluateAll((all) =>
    all.map((line) =>
      [line.querySelector('dt'), line.querySelector('dd')].map((e) => e?.textContent),
    ),
  );
  return Object.fromEntries(texts.map(([name, text]) => [name, Number(text?.replace('$', ''))]));
}

export async function chooseData(page: Page): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  await page.getByRole('heading', { name: '1 problem in the file' }).waitFor();
}

/** A template, written with the data chosen, and planned; `choose` sets what else it shall have. */
export async function planned(page: Page, choose = async () => {}): Promise<void> {
  await page.goto('/batches/new');
  await page.getByText('No problem found.').waitFor();
  await chooseData(page);
  await field(page).fill(template('name'));
  await page.getByText('No problem found.').waitFor();
  await page.getByLabel('Budget, US dollars').fill('2');
  await page.getByLabel('Rest after so many rows').selectOption('not at all');
  await choose();
  await page.getByRole('button', { name: 'Plan it' }).click();
  await page.waitForURL(/\/batches\/b/);
  await page.getByRole('button', { name: 'Start' }).waitFor();
}
