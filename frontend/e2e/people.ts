import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { baseUrl } from './browser';
import { startedForFile } from './product';
import { connection } from './studio';

export const PASSWORD = 'Correct-horse-7-battery';

const STEP_MS = 30_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that an app shows for a secret (RFC 6238). */
function codeAt(secret: string, at: number): string {
  const bits = [...secret.replace(/[^A-Z2-7]/g, '')]
    .map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / STEP_MS)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/** An app for one-time codes; the pool takes none twice, but also that of the next half minute. */
export function app(secret: string) {
  let given = 0;
  return () => {
    given = Math.max(given + STEP_MS, Date.now());
    return codeAt(secret, given);
  };
}

interface Accounts {
  url: string;
  administrator: { email: string; password: string };
}

/** Whether the product under test has accounts, instead of one that is started for them. */
export const areGiven = process.env.ADMINISTRATOR !== undefined;

/** A product where people sign in: that of `BASE_URL` if it has an administrator, or one of this file. */
export function accountsOfFile(): () => Accounts {
  const { ADMINISTRATOR } = process.env;
  if (ADMINISTRATOR) return () => accounts(baseUrl(), ADMINISTRATOR.split(' '));
  const product = startedForFile({
    AUTH: 'cognito',
    SIGN_UP: 'open',
    MFA: 'optional',
    SIMULATOR_PACE: '0.05',
  });
  const told = /first administrator is (\S+), password (\S+)/;
  return () => accounts(product().url, told.exec(product().said)?.slice(1) ?? []);
}

const accounts = (url: string, [email = '', password = '']: string[]): Accounts => ({
  url,
  administrator: { email, password },
});

interface Mail {
  to: string;
  text: string;
}

/** As the emulator under the packaged stack keeps them. */
interface Sent {
  To: string[];
  BodyText: string;
  Timestamp: number;
}

/** All mails, the newest first. */
async function mails(page: Page): Promise<Mail[]> {
  const { SENT_MAILS = '/local/mail' } = process.env;
  const headers = { Accept: 'application/json' };
  const answer = await (await page.request.get(SENT_MAILS, { headers })).json();
  if (answer.mails) return answer.mails;
  const sent = Object.values(answer.messages as Record<string, Sent[]>).flat();
  const newest = sent.sort((one, other) => other.Timestamp - one.Timestamp);
  return newest.map(({ To, BodyText }) => ({ to: To.join(), text: BodyText }));
}

const read = new Set<string>();

/** What is looked for in the newest mail to somebody, once it is another thing than before. */
async function mail(page: Page, email: string, has: RegExp): Promise<string> {
  let found = '';
  const look = async () => {
    const newest = (await mails(page)).find(({ to }) => to === email);
    found = has.exec(newest?.text ?? '')?.[1] ?? '';
    return found !== '' && !read.has(found);
  };
  await expect.poll(look).toBe(true);
  read.add(found);
  return found;
}

export const mailedCode = (page: Page, email: string) => mail(page, email, /\b(\d{6})\b/);

export const invitation = (page: Page, email: string) =>
  mail(page, email, /with the password (\S+) within/);

export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true });

export async function fillSignIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Sign in').click();
}

/** Signs in and waits for the studio, connected. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto('/');
  await fillSignIn(page, email, password);
  await connection(page, 'live');
}

/** Makes an account where anybody may, and signs in with it. */
export async function signUp(page: Page, email: string): Promise<void> {
  await page.goto('/');
  await button(page, 'Make an account').click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await button(page, 'Make the account').click();
  await page.getByLabel('Code from the mail').fill(await mailedCode(page, email));
  await button(page, 'Confirm').click();
  await page.getByText('The address is confirmed.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Sign in').click();
  await connection(page, 'live');
}
