import { accessStore, hadAccounts, tokenStore } from '../api/access';
import { forgetPerson } from '../api/accounts/browserOwner';
import type { Tokens } from '../api/accounts/pool';

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens of a person that end at a time in epoch milliseconds. */
export function tokens(name: string, endsAt = Date.now() + 3_600_000, change = {}): Tokens {
  const claims = { sub: name, email: `${name}@example.org`, exp: Math.floor(endsAt / 1000) };
  const id = `${encoded({ alg: 'RS256' })}.${encoded({ ...claims, ...change })}.signature`;
  return { access: `access-${name}`, id, refresh: `refresh-${name}` };
}

/** A browser in which nobody has signed in, and no server has asked for it: as each test begins. */
export function forgetAccounts(): void {
  forgetPerson();
  hadAccounts.set(false);
  tokenStore.set(null);
  accessStore.set('open');
}
