import { createStore } from '../lib/store';
import { createStored } from '../lib/stored';
import type { Session } from './accounts/session';

/**
 * `open`: nobody signs in here, as far as is known. `asking`: it is being found out who does.
 * `out`: nobody has signed in. `in`: somebody has. `ended`: somebody had, and has to sign in again.
 */
export type Access = 'open' | 'asking' | 'out' | 'in' | 'ended';

/** Where a tab keeps its session over a reload. */
export const SESSION_KEY = 'pixel-prompt:session';

/** Whether this installation had accounts when it was last asked: no secret, only a head start. */
export const hadAccounts = createStored('accounts', false);

export const accessStore = createStore<Access>(atStart());

/** What the server knows this page by; null while it knows nobody. */
export const tokenStore = createStore<string | null>(null);

function atStart(): Access {
  if (!hadAccounts.get()) return 'open';
  return hasKept() ? 'in' : 'asking';
}

function hasKept(): boolean {
  try {
    return sessionStorage.getItem(SESSION_KEY) !== null;
  } catch {
    return false;
  }
}

let begun: Promise<Session> | null = null;

/** The page's session; its code is fetched when the server first asks who is calling. */
export function session(): Promise<Session> {
  begun ??= import('./accounts/session').then(({ beginSession }) => beginSession());
  begun.catch(() => {
    begun = null;
  });
  return begun;
}

/** The token of a request; null where nobody needs one. Waits until somebody has signed in. */
export const bearer = async (signal?: AbortSignal | null): Promise<string | null> =>
  accessStore.get() === 'open' ? null : (await session()).token(signal);

/** Another token for one that was refused, as soon as there is one: after signing in again, if need be. */
export const anotherBearer = async (refused: string | null, signal?: AbortSignal | null) =>
  (await session()).another(refused, signal);
