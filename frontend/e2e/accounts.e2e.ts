import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { checkAccess } from './axe';
import { browserOfFile } from './browser';
import { app, button, mailedCode, PASSWORD, signIn, signUp } from './people';
import { startedForFile } from './product';
import { cards, connection, ended, generate, prompt } from './studio';

const product = startedForFile({
  AUTH: 'cognito',
  SIGN_UP: 'open',
  MFA: 'optional',
  SIMULATOR_PACE: '0.05',
});
const browser = browserOfFile();
const open = () => browser({ baseURL: product().url, reducedMotion: 'reduce' });

const stored = (page: Page) => page.evaluate(() => JSON.stringify(localStorage));

it('an account is made, confirmed by mail, and its session outlives a reload and fills a new tab', async () => {
  const page = await open();
  await signUp(page, 'ann@example.org');
  await generate(page, 'A fox of Ann');
  await ended(page);
  await page.reload();
  await connection(page, 'live');
  await page.getByText('A fox of Ann').first().waitFor();
  expect(await stored(page)).not.toMatch(/eyJ/);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await second.getByText('A fox of Ann').first().waitFor();
});

/** Ends a session as its time does: no token is taken any more, and nothing is pushed. */
async function expire(page: Page): Promise<() => Promise<void>> {
  const api = (route: Route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer over' } });
  const refresh = (route: Route) => {
    const sent = route.request().postData() ?? '';
    return route.continue({ postData: sent.replace('"REFRESH_TOKEN":"', '$&x') });
  };
  await page.route('**/api/**', api);
  await page.route('**/local/cognito', refresh);
  return async () => {
    await page.unroute('**/api/**', api);
    await page.unroute('**/local/cognito', refresh);
  };
}

/** The page's socket, on which the server can be made to say nothing but that the time is over. */
async function socketOf(page: Page) {
  const link = { over: false, end: () => {} };
  await page.routeWebSocket(/\/ws/, (ws) => {
    const server = ws.connectToServer();
    server.onMessage((message) => link.over || ws.send(message));
    link.end = () => {
      link.over = true;
      ws.send(JSON.stringify({ type: 'error', code: 'UNAUTHENTICATED' }));
    };
  });
  return link;
}

it('a session that ends in mid-run says so, keeps what is there, and goes on after signing in', async () => {
  const page = await open();
  const socket = await socketOf(page);
  await signUp(page, 'ben@example.org');
  await generate(page, 'A slow fox [[*:slow=4]]');
  await prompt(page).fill('A fox that waits');
  const renew = await expire(page);
  socket.end();
  await page.getByText('Your session has ended.').first().waitFor();
  expect(await cards(page).count()).toBeGreaterThan(0);
  expect(await prompt(page).inputValue()).toBe('A fox that waits');
  const before = page.url();
  await button(page, /^Generate/).click();
  await button(page, 'Sign in again').click();
  await checkAccess(page);
  await renew();
  socket.over = false;
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Sign in').click();
  await page.waitForURL((url) => url.pathname.startsWith('/run/') && url.href !== before);
  await ended(page);
  await page.goto(before);
  await ended(page);
});

it('a forgotten password is reset, and a second step is set up and asked for', async () => {
  const page = await open();
  await signUp(page, 'cleo@example.org');
  await page.getByRole('link', { name: 'Account' }).click();
  await button(page, 'Set it up').click();
  await page.locator('code').waitFor();
  await checkAccess(page);
  const code = app((await page.locator('code').textContent()) ?? '');
  await page.getByLabel('Code from your app').fill(code());
  await button(page, 'Turn it on').click();
  await page.getByText('Signing in asks for a code').waitFor();
  await button(page, 'Sign out everywhere').click();
  await button(page, 'Forgot the password').click();
  await page.getByLabel('E-mail').fill('cleo@example.org');
  await button(page, 'Send a code').click();
  await page.getByLabel('Code from the mail').fill(await mailedCode(page, 'cleo@example.org'));
  await page.getByLabel('New password', { exact: true }).fill(`${PASSWORD}-2`);
  await button(page, 'Set it').click();
  await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD}-2`);
  await button(page, 'Sign in').click();
  await page.getByLabel('Code from your app').fill(code());
  await button(page, 'Sign in').click();
  await connection(page, 'live');
});

it('the first administrator signs in with what was printed, and finds nothing of others', async () => {
  const [, email = '', password = ''] =
    /first administrator is (\S+), password (\S+)/.exec(product().said) ?? [];
  const page = await open();
  await page.goto('/');
  await button(page, 'Sign in').waitFor();
  await checkAccess(page);
  await signIn(page, email, password);
  await page.goto('/gallery');
  await page.getByText('Nothing here yet').waitFor();
});
