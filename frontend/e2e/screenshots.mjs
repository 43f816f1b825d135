// npm run screenshots: eight screens in two themes and two widths, from the product at BASE_URL,
// into frontend/screenshots/.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const BASE = process.env.BASE_URL ?? 'http://localhost:8000';
const OUT = new URL('../screenshots/', import.meta.url);
const PROMPT = 'An old fishing village as a paper collage, low evening sun';
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const screens = (id, target, batch) => ({
  welcome: ['/', 'text=Try one of these'],
  run: [`/run/${id}`, '[data-card] img[data-shown]'],
  picture: [`/run/${id}?view=2`, 'dialog img[data-full]'],
  compare: [`/compare?run=${id}&slots=1,2,7,8`, 'img[data-full]'],
  gallery: ['/gallery', 'main li img'],
  'gallery-run': [`/gallery/${target}`, 'main img[data-shown]'],
  'batch-new': ['/batches/new', 'text=in every row'],
  batch: [`/batches/${batch}`, '[role=grid] img'],
});

/** A finished run with a wide picture, and where the gallery keeps it. */
async function makeRun(page) {
  const request = { prompt: PROMPT, aspectRatio: '3:2', seed: 2026 };
  const { jobId } = await (await page.request.post('/api/generate', { data: request })).json();
  await page.goto(`/run/${jobId}`);
  await page.waitForFunction(
    () => document.querySelectorAll('[data-card] img[data-shown]').length === 9,
  );
  const { target } = await (await page.request.get(`/api/status/${jobId}`)).json();
  await page.waitForFunction(async (target) => (await fetch(`/api/gallery/${target}`)).ok, target, {
    polling: 500,
  });
  return [jobId, target];
}

/** The shipped sample, drawn and judged to its end. */
async function makeBatch(page) {
  const sample = 'sample-product-pictures';
  const data = { templateId: sample, seedDataId: sample, budgetUsd: 5 };
  const { batchId } = await (await page.request.post('/api/batches', { data })).json();
  const path = `/api/batches/${batchId}`;
  await page.request.post(`${path}/start`);
  await page.waitForFunction(
    async (path) => (await (await fetch(path)).json()).state === 'completed',
    path,
    { polling: 500, timeout: 120_000 },
  );
  return batchId;
}

async function shoot(browser, run, colorScheme, size) {
  const context = await browser.newContext({ baseURL: BASE, viewport: SIZES[size], colorScheme });
  const page = await context.newPage();
  await page.goto('/');
  await page.evaluate(() => document.fonts.ready);
  for (const [name, [path, ready]] of Object.entries(screens(...run))) {
    await page.goto(path);
    await page.locator(ready).first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((a) => a.finished)));
    const file = new URL(`${name}-${colorScheme}-${size}.png`, OUT);
    await page.screenshot({ path: file.pathname });
    console.log(`screenshots/${name}-${colorScheme}-${size}.png`);
  }
  await context.close();
}

mkdirSync(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage({ baseURL: BASE });
const run = [...(await makeRun(page)), await makeBatch(page)];
for (const theme of ['dark', 'light'])
  for (const size of Object.keys(SIZES)) await shoot(browser, run, theme, size);
await browser.close();
