import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { checkAccess } from './axe';
import { browserOfFile } from './browser';
import {
  accountsOfFile,
  app,
  areGiven,
  button,
  fillSignIn,
  invitation,
  mailedCode,
  PASSWORD,
  signIn,
  signUp,
} from './people';
import { cards, connection, ended, generate, prompt, shownPictures } from './studio';

const product = accountsOfFile();
const browser = browserOfFile();
const open = () => browser({ baseURL: product().url, reducedMotion: 'reduce' });

/** The same page has been looked at on the local engine. */
const accessible = areGiven ? async () => {} : checkAccess;

const stored = (page: Page) => page.evaluate(() => JSON.stringify(localStorage));

const account = (page: Page, part: string) =>
  page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: part, exact: true });

/** The administrator's page, signed in. */
async function asAdministrator(): Promise<Page> {
  const { email, password } = product().administrator;
  const page = await open();
  await page.goto('/');
  await button(page, 'Sign in').waitFor();
  await accessible(page);
  await signIn(page, email, password);
  return page;
}

/** Takes up an invitation, and from then on signs in with a code of the app that is returned. */
async function accept(page: Page, email: string) {
  await page.goto('/');
  await fillSignIn(page, email, await invitation(page, email));
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await button(page, 'Go on').click();
  await connection(page, 'live');
  await page.getByRole('link', { name: 'Account' }).click();
  await button(page, 'Set it up').click();
  await page.locator('code').waitFor();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await accessible(page);
  const code = app((await page.locator('code').textContent()) ?? '');
  await page.getByLabel('Code from your app').fill(code());
  await button(page, 'Turn it on').click();
  await page.getByText('Signing in asks for a code').waitFor();
  await button(page, 'Sign out').click();
  await fillSignIn(page, email);
  await page.getByLabel('Code from your app').fill(code());
  await button(page, 'Sign in').click();
  await connection(page, 'live');
}

it('somebody is invited, signs in with two steps, and what they make is theirs until they share it', {
  timeout: 180_000,
}, async () => {
  const admin = await asAdministrator();
  await admin.goto('/account/people');
  await admin.getByLabel('E-mail').fill('dora@example.org');
  await button(admin, 'Invite').click();
  await admin.getByText('dora@example.org').first().waitFor();
  await accessible(admin);

  const dora = await open();
  await accept(dora, 'dora@example.org');
  const id = await generate(dora, 'A fox of Dora');
  await ended(dora);
  await dora.reload();
  await connection(dora, 'live');
  await shownPictures(dora).first().waitFor();
  expect(await stored(dora)).not.toMatch(/eyJ/);
  const second = await dora.context().newPage();
  await second.goto(`/run/${id}`);
  await second.getByText('A fox of Dora').first().waitFor();
  await second.close();

  await admin.goto(`/run/${id}`);
  await admin.getByText('There is no such run').waitFor();
  const listed = admin.waitForResponse(/\/api\/gallery/);
  await admin.goto('/gallery');
  expect(await (await listed).text()).not.toContain(id);

  await button(dora, 'Share').click();
  await button(dora, 'Make a new link').click();
  await dora.getByLabel('Link', { exact: true }).waitFor();
  await accessible(dora);
  const guest = await open();
  await guest.goto(await dora.getByLabel('Link', { exact: true }).inputValue());
  await guest.locator('main img[data-shown]').first().waitFor();
  await accessible(guest);
  await button(dora, 'End the link').click();
  await dora.getByText('This run has no link any more.').waitFor();
  await guest.reload();
  await guest.getByText('There is no such link').waitFor();
  await button(dora, 'Close').click();

  await dora.getByRole('link', { name: 'Account' }).click();
  await account(dora, 'Keys').click();
  await dora.getByLabel('Name').fill('A script');
  await button(dora, 'Make it').click();
  const key = (await dora.locator('code').textContent()) ?? '';
  const headers = { Authorization: `Bearer ${key}` };
  expect((await dora.request.get(`/api/status/${id}`, { headers })).status()).toBe(200);
  await accessible(dora);
  await account(dora, 'Runs').click();
  await dora.getByText('A fox of Dora').first().waitFor();
  await accessible(dora);
  await button(dora, 'Delete A fox of Dora').click();
  await button(dora, 'Delete the run').click();
  await dora.getByText('There are none yet.').waitFor();
});

it('an administrator switches a model off, which nobody can choose then, and sees what was spent', async () => {
  const { email, password } = product().administrator;
  const page = await open();
  await signIn(page, email, password);
  await generate(page, 'A fox that costs');
  await ended(page);
  await page.goto('/account/models');
  await page.getByRole('button', { name: /^Switch off Recraft/ }).click();
  await page.getByLabel('Why').fill('It costs too much.');
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('button', { name: /^Switch on Recraft/ }).waitFor();
  await accessible(page);
  await account(page, 'Spend').click();
  await page
    .getByText(/: \$\d/)
    .first()
    .click();
  await page.getByText('By person').waitFor();
  await accessible(page);
  await page.goto('/');
  const off = page.getByRole('checkbox', { name: /Recraft.*It costs too much\./ });
  expect(await off.isDisabled()).toBe(true);
});

/** Where the page finds the pool. */
async function poolOf(page: Page): Promise<{ endpoint: string; clientId: string }> {
  const { endpoint, clientId } = await (await page.request.get('/api/auth')).json();
  return { endpoint: new URL(endpoint).href, clientId };
}

/** Ends a session as its time does: no token is taken any more, and nothing is pushed. */
async function expire(page: Page): Promise<() => Promise<void>> {
  const { endpoint } = await poolOf(page);
  const api = (route: Route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer over' } });
  const refresh = (route: Route) => {
    const sent = route.request().postData() ?? '';
    return route.continue({ postData: sent.replace('"REFRESH_TOKEN":"', '$&x') });
  };
  await page.route('**/api/**', api);
  await page.route(endpoint, refresh);
  return async () => {
    await page.unroute('**/api/**', api);
    await page.unroute(endpoint, refresh);
  };
}

/** The page's socket, on which the server can be made to say nothing but that the time is over. */
async function socketOf(page: Page) {
  const link = { over: false, runs: 0, end: () => {} };
  await page.routeWebSocket(/./, (ws) => {
    const server = ws.connectToServer();
    server.onMessage((message) => {
      link.runs += Number(String(message).startsWith('{"type":"job"'));
      if (!link.over) ws.send(message);
    });
    link.end = () => {
      link.over = true;
      ws.send(JSON.stringify({ type: 'error', code: 'UNAUTHENTICATED' }));
    };
  });
  return link;
}

/** Whether the pool would still renew what a page holds. */
async function isRenewed(page: Page): Promise<boolean> {
  const { endpoint, clientId } = await poolOf(page);
  const kept = await page.evaluate(() => sessionStorage.getItem('pixel-prompt:session'));
  const parameters = { REFRESH_TOKEN: JSON.parse(kept ?? '{}').refresh };
  const answer = await page.request.post(endpoint, {
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'AWSCognitoIdentityProviderService.InitiateAuth',
    },
    data: JSON.stringify({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: parameters,
      ClientId: clientId,
    }),
  });
  return answer.ok();
}

it('a session that ends in mid-run says so, keeps what is there, and goes on after signing in', async () => {
  const page = await open();
  const socket = await socketOf(page);
  await signUp(page, 'ben@example.org');
  await generate(page, 'A slow fox [[*:slow=4]]');
  // One answers the subscription; the others come by themselves.
  await expect.poll(() => socket.runs).toBeGreaterThan(1);
  await prompt(page).fill('A fox that waits');
  const renew = await expire(page);
  socket.end();
  await page.getByText('Your session has ended.').first().waitFor();
  expect(await cards(page).count()).toBeGreaterThan(0);
  expect(await prompt(page).inputValue()).toBe('A fox that waits');
  const before = page.url();
  await button(page, /^Generate/).click();
  await button(page, 'Sign in again').click();
  await accessible(page);
  await renew();
  socket.over = false;
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Sign in').click();
  await page.waitForURL((url) => url.pathname.startsWith('/run/') && url.href !== before);
  await ended(page);
  await page.goto(before);
  await ended(page);
});

it('a forgotten password is reset, and every session ends', async () => {
  const page = await open();
  await signUp(page, 'cleo@example.org');
  const elsewhere = await open();
  await signIn(elsewhere, 'cleo@example.org');
  expect(await isRenewed(elsewhere)).toBe(true);
  await page.getByRole('link', { name: 'Account' }).click();
  await button(page, 'Sign out everywhere').click();
  await button(page, 'Forgot the password').waitFor();
  await expect.poll(() => isRenewed(elsewhere)).toBe(false);
  await button(page, 'Forgot the password').click();
  await page.getByLabel('E-mail').fill('cleo@example.org');
  await button(page, 'Send a code').click();
  await page.getByLabel('Code from the mail').fill(await mailedCode(page, 'cleo@example.org'));
  await page.getByLabel('New password', { exact: true }).fill(`${PASSWORD}-2`);
  await button(page, 'Set it').click();
  await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD}-2`);
  await button(page, 'Sign in').click();
  await connection(page, 'live');
});
