import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetAccounts, tokens } from '../../testing/account';
import { accessStore, hadAccounts, SESSION_KEY, tokenStore } from '../access';
import type { Tokens } from './pool';
import { Session } from './session';
import { Tabs } from './tabs';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** The other end of everything: what was asked, and what is answered. */
let asked: { operation: string; body: Record<string, unknown> }[];
let refresh: () => Response | Promise<Response>;
let mode: 'cognito' | 'off';
let restarted: number;
let others: { postMessage: (message: unknown) => void; onmessage: unknown };
let told: unknown[];
let session: Session;

const made = ({ access, id }: Tokens) =>
  Response.json({ AuthenticationResult: { AccessToken: access, IdToken: id } });

const refusal = (code: string) => Response.json({ __type: code, message: '' }, { status: 400 });

async function answer(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  if (String(input) === '/api/auth')
    return Response.json({ mode, region: 'us-east-1', userPoolId: 'us-east-1_a', clientId: 'c' });
  const target = new Headers(init.headers).get('X-Amz-Target') ?? '';
  const operation = target.split('.').at(-1) ?? '';
  asked.push({ operation, body: JSON.parse(String(init.body)) });
  return operation === 'InitiateAuth' ? refresh() : Response.json({});
}

const hear = (message: unknown) =>
  (others.onmessage as (event: { data: unknown }) => void)({ data: message });

/** Begins a session, and lets the answer come that it does not wait for. */
async function begin(): Promise<void> {
  const tabs = new Tabs(others as unknown as BroadcastChannel);
  session = new Session(tabs, () => restarted++);
  await session.begin();
  await session.auth();
}

const keep = (kept: Tokens) => sessionStorage.setItem(SESSION_KEY, JSON.stringify(kept));
const refreshes = () => asked.filter(({ operation }) => operation === 'InitiateAuth').length;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', vi.fn(answer));
  asked = [];
  told = [];
  restarted = 0;
  mode = 'cognito';
  refresh = () => made(tokens('ann'));
  others = { postMessage: (message) => told.push(message), onmessage: null };
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
  forgetAccounts();
});

describe('a session', () => {
  it('is asked for where there are accounts', async () => {
    await begin();
    expect(accessStore.get()).toBe('out');
  });

  it('is not asked for any more where there are no accounts now', async () => {
    keep(tokens('ann'));
    mode = 'off';
    await begin();
    await vi.advanceTimersByTimeAsync(10);
    expect(accessStore.get()).toBe('open');
    expect(await session.token()).toBeNull();
  });

  it('keeps no token where it would outlive the tab', async () => {
    await begin();
    session.enter(tokens('ann'));
    expect(JSON.stringify(localStorage)).not.toContain(tokens('ann').id.slice(0, 20));
    expect(JSON.stringify(localStorage)).not.toContain('refresh-ann');
  });

  it('outlives a reload, without asking anybody first', async () => {
    const kept = tokens('ann');
    keep(kept);
    await begin();
    expect(await session.token()).toBe(kept.id);
    expect(session.person.get()?.email).toBe('ann@example.org');
  });

  it('is lent to a new tab by another one', async () => {
    hadAccounts.set(true);
    const begun = begin();
    hear({ tokens: tokens('ann') });
    await begun;
    expect(accessStore.get()).toBe('in');
  });

  it('is renewed before it ends, once for all who ask', async () => {
    keep(tokens('ann'));
    await begin();
    await vi.advanceTimersByTimeAsync(HOUR - 6 * MINUTE);
    expect(refreshes()).toBe(0);
    refresh = () => made(tokens('ann'));
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(refreshes()).toBe(1);
    const refused = tokenStore.get();
    const next = tokens('ann', Date.now() + 2 * HOUR);
    refresh = () => made(next);
    const both = await Promise.all([session.another(refused), session.another(refused)]);
    expect(both).toEqual([next.id, next.id]);
    expect(refreshes()).toBe(2);
    expect(told).toContainEqual({ tokens: { ...next, refresh: 'refresh-ann' } });
  });

  it('ends when it is not renewed, and what was asked meanwhile goes on after signing in', async () => {
    keep(tokens('ann'));
    await begin();
    refresh = () => refusal('NotAuthorizedException');
    const waiting = session.another(tokenStore.get());
    await vi.advanceTimersByTimeAsync(10);
    expect(accessStore.get()).toBe('ended');
    expect(sessionStorage.getItem(SESSION_KEY)).toBeNull();
    const again = tokens('ann', Date.now() + 2 * HOUR);
    session.enter(again);
    expect(await waiting).toBe(again.id);
    expect(restarted).toBe(0);
  });

  it('does not end because the network is away', async () => {
    keep(tokens('ann'));
    await begin();
    refresh = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(session.another(tokenStore.get())).rejects.toThrow('does not answer');
    expect(accessStore.get()).toBe('in');
    refresh = () => made(tokens('ann', Date.now() + 2 * HOUR));
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(refreshes()).toBe(2);
  });

  it('gives what waits for it up when the asker leaves', async () => {
    await begin();
    const left = new AbortController();
    const waiting = session.token(left.signal);
    left.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
  });

  it('of somebody else begins with a browser that knows nothing of the first', async () => {
    await begin();
    session.enter(tokens('ann'));
    localStorage.setItem('pixel-prompt:draft', '"A fox of Ann"');
    localStorage.setItem('pixel-prompt:theme', '"dark"');
    session.enter(tokens('bob'));
    expect(localStorage.getItem('pixel-prompt:draft')).toBeNull();
    expect(localStorage.getItem('pixel-prompt:theme')).toBe('"dark"');
    expect(restarted).toBe(1);
  });

  it('ends here, and in this person’s other tabs only', async () => {
    await begin();
    session.enter(tokens('ann'));
    hear({ left: 'bob' });
    expect(restarted).toBe(0);
    await session.signOut();
    expect(asked.at(-1)).toMatchObject({
      operation: 'RevokeToken',
      body: { Token: 'refresh-ann' },
    });
    expect(told.at(-1)).toEqual({ left: 'ann' });
    expect(tokenStore.get()).toBeNull();
    expect(restarted).toBe(1);
  });

  it('ends everywhere, or says that it could not', async () => {
    await begin();
    session.enter(tokens('ann'));
    vi.mocked(fetch).mockResolvedValueOnce(refusal('TooManyRequestsException'));
    await expect(session.signOut(true)).rejects.toThrow('too many tries');
    expect(accessStore.get()).toBe('in');
    await session.signOut(true);
    expect(asked.at(-1)).toMatchObject({ operation: 'GlobalSignOut' });
  });
});
