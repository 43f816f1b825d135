import { use } from 'react';
import { session } from '../../api/access';
import type { Person } from '../../api/accounts/person';
import type { UserPool } from '../../api/accounts/pool';
import type { Session } from '../../api/accounts/session';
import type { Auth } from '../../api/types';
import { useStore } from '../../ui/useStore';

interface Account {
  session: Session;
  auth: Auth;
  pool: UserPool;
  person: Person | null;
}

const whole = new WeakMap<Session, Promise<Omit<Account, 'person'>>>();

/** The session, how people get in here, and who is in; suspends until they are known. */
export function useSession(): Account {
  const current = use(session());
  const known = whole.get(current) ?? withPool(current);
  whole.set(current, known);
  const rest = use(known);
  return { ...rest, person: useStore(current.person) };
}

const withPool = async (session: Session) => ({
  session,
  auth: await session.auth(),
  pool: await session.pool(),
});
