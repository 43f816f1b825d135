import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** Chromium without anything that would reach beyond this machine. */
const LAUNCH = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Where the running product is. */
export const baseUrl = (): string => process.env.PRODUCT_URL ?? '';

export const launch = () => chromium.launch(LAUNCH);

export type OpenPage = (options?: BrowserContextOptions) => Promise<Page>;

/** A browser for the tests of one file; every page is closed after its test, and may log no error. */
export function browserOfFile(): OpenPage {
  let browser: Browser;
  let complaints: string[] = [];
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const heard = complaints;
    complaints = [];
    if (heard.length > 0) throw new Error(`The page complained:\n${heard.join('\n')}`);
  });
  afterAll(() => browser.close());
  return async (options = {}) => {
    const context = await browser.newContext({
      baseURL: baseUrl(),
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(Number(process.env.PATIENCE_MS ?? 30_000));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    return page;
  };
}
