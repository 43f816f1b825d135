import { serverNow } from '../../lib/clock';
import { createStore } from '../../lib/store';
import { accessStore, hadAccounts, SESSION_KEY, tokenStore } from '../access';
import { ApiError, ask, refusal } from '../client';
import type { Auth } from '../types';
import { forgetPerson, isOwner, setOwner } from './browserOwner';
import { type Person, personOf } from './person';
import { PoolError, type Tokens, UserPool } from './pool';
import { Tabs } from './tabs';

/** A token is renewed so long before its end, or at half its time if that is later. */
const BEFORE_END_MS = 5 * 60_000;
/** With less than this left, a request waits for the next token. */
const TOO_SHORT_MS = 10_000;
const AGAIN_MS = 15_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Who has signed in: keeps the tokens, renews them before they end, and says when that fails. */
export class Session {
  readonly person = createStore<Person | null>(null);
  #tokens: Tokens | null = null;
  #renewing: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #auth: Promise<Auth> | null = null;

  constructor(
    private readonly tabs: Tabs,
    private readonly restart: () => void,
  ) {
    tabs.onTokens = (tokens) => this.#fromOtherTab(tokens);
    tabs.onLeft = (userId) => {
      if (userId === this.person.get()?.userId) this.#leave();
    };
    tabs.current = () => this.#tokens;
  }

  /** Finds out whether anybody has to sign in here, and whether this tab or another one has. */
  async begin(): Promise<void> {
    const kept = readKept() ?? (hadAccounts.get() ? await this.tabs.ask() : null);
    if (kept && isOwner(personOf(kept.id).userId)) this.#take(kept);
    const known = this.auth().then(({ mode }) => this.#setMode(mode));
    if (this.#tokens) known.catch(() => undefined);
    else await known;
  }

  #setMode(mode: Auth['mode']): void {
    hadAccounts.set(mode !== 'off');
    if (mode === 'off') this.#take(null);
    if (mode === 'off') accessStore.set('open');
    else if (!this.#tokens && accessStore.get() !== 'ended') accessStore.set('out');
  }

  /** How this installation lets people in. */
  auth(): Promise<Auth> {
    this.#auth ??= fetchAuth();
    this.#auth.catch(() => {
      this.#auth = null;
    });
    return this.#auth;
  }

  async pool(): Promise<UserPool> {
    const { endpoint, region, userPoolId, clientId } = await this.auth();
    return new UserPool({
      endpoint: endpoint ?? `https://cognito-idp.${region}.amazonaws.com/`,
      poolId: userPoolId ?? '',
      clientId: clientId ?? '',
    });
  }

  /** A token that works for some time yet; waits until somebody has signed in. */
  async token(signal?: AbortSignal | null): Promise<string | null> {
    const { id } = this.#tokens ?? {};
    if (id && endOf(id) - serverNow() < TOO_SHORT_MS) await this.renew();
    return tokenStore.get() ?? untilIn(signal);
  }

  async another(refused: string | null, signal?: AbortSignal | null): Promise<string | null> {
    if (refused !== null && tokenStore.get() === refused) await this.renew();
    return this.token(signal);
  }

  /** Lets somebody in who has just signed in; somebody else than before begins with an empty page. */
  enter(tokens: Tokens): void {
    const { userId } = personOf(tokens.id);
    const stranger = !isOwner(userId);
    if (stranger) forgetPerson();
    setOwner(userId);
    this.#take(tokens);
    this.tabs.tell(tokens);
    if (stranger) this.restart();
  }

  /** Ends the session here, or all sessions of this person wherever they are. */
  async signOut(everywhere = false): Promise<void> {
    const tokens = this.#tokens;
    const pool = await this.pool();
    if (tokens && everywhere) await pool.signOutEverywhere(await this.accessToken());
    else if (tokens) await pool.revoke(tokens.refresh).catch(() => undefined);
    this.tabs.leave(this.person.get()?.userId ?? '');
    this.#leave();
  }

  /** For what the pool itself is asked. */
  async accessToken(): Promise<string> {
    await this.token();
    return this.#tokens?.access ?? '';
  }

  /** Gets the next token: once at a time, in this tab and all others. */
  renew(): Promise<void> {
    this.#renewing ??= this.tabs
      .alone(() => this.#renew())
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    const tokens = this.#tokens;
    if (!tokens) return;
    try {
      const pool = await this.pool();
      this.#take(await pool.refresh(tokens));
      if (this.#tokens) this.tabs.tell(this.#tokens);
    } catch (error) {
      this.#arm(AGAIN_MS);
      if (error instanceof PoolError && error.refusesPerson) this.#end();
      else throw new ApiError(0, 'UNREACHABLE', 'The server does not answer.');
    }
  }

  #take(tokens: Tokens | null): void {
    this.#tokens = tokens;
    keep(tokens);
    clearTimeout(this.#timer);
    if (!tokens) {
      tokenStore.set(null);
      return;
    }
    const left = endOf(tokens.id) - serverNow();
    this.#arm(Math.max(left - BEFORE_END_MS, left / 2));
    this.person.set(personOf(tokens.id));
    tokenStore.set(tokens.id);
    accessStore.set('in');
  }

  #arm(delay: number): void {
    clearTimeout(this.#timer);
    const run = () => void this.renew().catch(() => undefined);
    this.#timer = setTimeout(run, Math.min(Math.max(delay, 0), LONGEST_TIMER_MS));
  }

  #end(): void {
    this.#take(null);
    accessStore.set('ended');
  }

  #fromOtherTab(tokens: Tokens): void {
    const { userId } = personOf(tokens.id);
    const before = this.person.get()?.userId;
    if (before === userId || (!before && accessStore.get() === 'out' && isOwner(userId)))
      this.#take(tokens);
  }

  #leave(): void {
    this.#take(null);
    forgetPerson();
    this.restart();
  }
}

/** The page's own session, once it is known what there is of it. */
export async function beginSession(): Promise<Session> {
  const tabs = new Tabs();
  const session = new Session(tabs, () => location.assign('/'));
  await session.begin().catch((error: unknown) => {
    tabs.close();
    throw error;
  });
  return session;
}

async function fetchAuth(): Promise<Auth> {
  const response = await ask('/auth', { cache: 'no-cache' }, null);
  if (!response.ok) throw await refusal(response);
  return response.json();
}

const endOf = (token: string): number => personOf(token).endsAt;

/** Waits until somebody is in; nobody needs to be where there are no accounts. */
function untilIn(signal?: AbortSignal | null): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const listening = [tokenStore.subscribe(look), accessStore.subscribe(look)];
    signal?.addEventListener('abort', abort, { once: true });
    look();
    function look() {
      const token = tokenStore.get();
      if (token || accessStore.get() === 'open') end(() => resolve(token));
    }
    function abort() {
      end(() => reject(signal?.reason));
    }
    function end(then: () => void) {
      for (const stop of listening) stop();
      signal?.removeEventListener('abort', abort);
      then();
    }
  });
}

function readKept(): Tokens | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(SESSION_KEY) ?? 'null');
    personOf(kept.id);
    return kept;
  } catch {
    return null;
  }
}

function keep(tokens: Tokens | null): void {
  try {
    if (tokens) sessionStorage.setItem(SESSION_KEY, JSON.stringify(tokens));
    else sessionStorage.removeItem(SESSION_KEY);
  } catch {
    // Storage is blocked: the session lasts as long as the page.
  }
}
