import { afterEach, expect, it, vi } from 'vitest';
import { forgetAccounts, tokens } from '../testing/account';
import { accessStore, session } from './access';
import { getModels } from './client';

const AUTH = { mode: 'cognito', region: 'r-1', userPoolId: 'r-1_a', clientId: 'c' };

afterEach(forgetAccounts);

it('a request that is refused for want of a session is sent again after signing in', async () => {
  const sent: (string | null)[] = [];
  const answer = async (path: string, init: RequestInit) => {
    if (path === '/api/auth') return Response.json(AUTH);
    const shown = new Headers(init.headers).get('Authorization');
    sent.push(shown);
    return shown
      ? Response.json({ models: [] })
      : Response.json({ error: 'Sign in.', code: 'UNAUTHENTICATED' }, { status: 401 });
  };
  vi.stubGlobal('fetch', vi.fn(answer));
  vi.stubGlobal(
    'BroadcastChannel',
    vi.fn(function channel() {
      return { postMessage: vi.fn(), close: vi.fn() };
    }),
  );
  const models = getModels();
  await vi.waitFor(() => expect(accessStore.get()).toBe('out'));
  const ann = tokens('ann');
  (await session()).enter(ann);
  expect(await models).toEqual({ models: [] });
  expect(sent).toEqual([null, `Bearer ${ann.id}`]);
  await (await session()).signOut();
});
