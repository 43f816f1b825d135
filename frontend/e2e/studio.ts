import type { Page } from 'playwright-core';
import { beforeAll } from 'vitest';
import { baseUrl, launch } from './browser';

/** The studio as a person meets it: by labels, roles and texts. */
export const prompt = (page: Page) => page.getByRole('textbox', { name: 'Prompt', exact: true });

export const card = (page: Page, slot: number) => page.locator(`[data-card="${slot}"]`);

export const cards = (page: Page, status?: string) =>
  page.locator(status ? `[data-card][data-status="${status}"]` : '[data-card]');

export const shownPictures = (page: Page) => page.locator('[data-card] img[data-shown]');

export const connection = (page: Page, state: string) =>
  page.locator(`[data-connection="${state}"]`).waitFor();

/** Opens the studio, ready to type and connected. */
export async function openStudio(page: Page, path = '/'): Promise<void> {
  await page.goto(path);
  await connection(page, 'live');
}

/** Starts a run and waits for its page; the answer is its id. */
export async function generate(page: Page, text: string): Promise<string> {
  await prompt(page).fill(text);
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.waitForURL(/\/run\//);
  await cards(page).first().waitFor();
  return jobId(page);
}

export const jobId = (page: Page): string => /\/run\/([^?]+)/.exec(page.url())?.[1] ?? '';

/** Waits until no slot is waiting or drawing. */
export async function ended(page: Page): Promise<void> {
  await cards(page).first().waitFor();
  const open = '[data-status="pending"], [data-status="in_progress"]';
  await page.waitForFunction((open) => !document.querySelector(open), open, { timeout: 60_000 });
}

/** A run that has ended with its pictures on screen; the answer is its id. */
export async function finishedRun(page: Page, text = 'A fox in the snow'): Promise<string> {
  await openStudio(page);
  const id = await generate(page, text);
  await ended(page);
  return id;
}

/** The job as the server has it. */
export async function serverJob(page: Page, id: string) {
  const response = await page.request.get(`/api/status/${id}`);
  return response.json();
}

export interface MadeRun {
  id: string;
  target: string;
}

/** One finished run for all tests of a file that only look at it. */
export function runOfFile(prompt: string, aspectRatio = '1:1'): () => MadeRun {
  let made: MadeRun;
  beforeAll(async () => {
    const browser = await launch();
    const page = await browser.newPage({ baseURL: baseUrl() });
    const data = { prompt, aspectRatio };
    const { jobId } = await (await page.request.post('/api/generate', { data })).json();
    await page.goto(`/run/${jobId}`);
    await ended(page);
    made = { id: jobId, target: (await serverJob(page, jobId)).target };
    await browser.close();
  }, 90_000);
  return () => made;
}
