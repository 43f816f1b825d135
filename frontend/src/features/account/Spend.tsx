import { useQuery } from '@tanstack/react-query';
import { getSpend, getUsers } from '../../api/accounts/calls';
import type { SpendPage } from '../../api/types';
import { dollars } from '../../lib/format';
import { useTitle } from '../../ui/useTitle';
import styles from './List.module.css';

type Day = SpendPage['days'][number];
type Spent = Day['models'][number];
type Dollars = Spent['dollars'];

/** The last thirty days' money: by day, and in each by person and by model. */
export default function Spend() {
  useTitle('Spend');
  const { data, error } = useQuery({
    queryKey: ['spend'],
    queryFn: ({ signal }) => getSpend(signal),
    staleTime: 0,
  });
  const people = useQuery({
    queryKey: ['users', 'first'],
    queryFn: ({ signal }) => getUsers(null, signal),
  });
  const emails = new Map(people.data?.users.map(({ userId, email }) => [userId, email]));
  const days = (data?.days ?? []).filter(({ dollars, reserved }) => sum(dollars) + reserved > 0);
  return (
    <>
      <h1>Spend</h1>
      {error && <p role="alert">{error.message}</p>}
      {data && days.length === 0 && <p>Nothing was spent in the last thirty days.</p>}
      <ul className={styles.list}>
        {days.toReversed().map((day) => (
          <Line key={day.day} day={day} emails={emails} />
        ))}
      </ul>
    </>
  );
}

const sum = ({ exact, estimated, unknown }: Dollars) => exact + estimated + unknown;

/** How well an amount is known, each part for itself. */
const parts = ({ exact, estimated, unknown }: Dollars): string =>
  [
    exact > 0 && `= ${dollars(exact)} exact`,
    estimated > 0 && `≈ ${dollars(estimated)} estimated`,
    unknown > 0 && `${dollars(unknown)} unknown`,
  ]
    .filter(Boolean)
    .join(' · ');

function Line({ day, emails }: { day: Day; emails: Map<string, string> }) {
  const { dollars: spent, reserved, models, users } = day;
  const named = users.map((user) => ({ ...user, name: emails.get(user.name) ?? user.name }));
  return (
    <li>
      <details className={styles.text}>
        <summary>
          <strong>{`${day.day}: ${dollars(sum(spent))}`}</strong>
        </summary>
        <small>
          {[parts(spent), reserved > 0 && `${dollars(reserved)} under way`]
            .filter(Boolean)
            .join(' · ')}
        </small>
        <Shares title="By model" of={models} />
        <Shares title="By person" of={named} />
      </details>
    </li>
  );
}

function Shares({ title, of }: { title: string; of: Spent[] }) {
  if (of.length === 0) return null;
  return (
    <section className={styles.shares}>
      <h2>{title}</h2>
      <ul>
        {of.map(({ name, dollars: spent }) => (
          <li key={name}>
            {name} <small>{parts(spent)}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
