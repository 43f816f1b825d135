import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeUser, getUsers, invite } from '../../api/accounts/calls';
import { useModels } from '../../api/queries';
import type { User } from '../../api/types';
import { dollars, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { showToast } from '../../ui/toast';
import { useTitle } from '../../ui/useTitle';
import { Form, type Values } from './Form';
import { EmailField, Field } from './fields';
import styles from './List.module.css';
import { limitsOf, standingOf } from './userPatch';
import { useSession } from './useSession';

const KEY = ['users'];

/** Who may come in, and what they may do in a day. */
export default function People() {
  useTitle('People');
  const client = useQueryClient();
  const [invited, setInvited] = useState(0);
  const people = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam, signal }) => getUsers(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
  const refresh = () => client.invalidateQueries({ queryKey: KEY });
  const submit = async ({ email = '' }: Values) => {
    await invite(email);
    showToast({ text: `An invitation is on its way to ${email}.` });
    setInvited(invited + 1);
    refresh();
  };
  return (
    <>
      <h1>People</h1>
      {people.error && <p role="alert">{people.error.message}</p>}
      <ul className={styles.list}>
        {people.data?.pages
          .flatMap(({ users }) => users)
          .map((user) => (
            <Line key={user.userId} user={user} onChanged={refresh} />
          ))}
      </ul>
      {people.hasNextPage && (
        <Button look="outline" onClick={() => people.fetchNextPage()}>
          Show more
        </Button>
      )}
      <Form key={invited} title="Invite somebody" submit="Invite" onSubmit={submit} focus={false}>
        <EmailField autoComplete="off" />
      </Form>
    </>
  );
}

function Line({ user, onChanged }: { user: User; onChanged(): void }) {
  const [changing, setChanging] = useState(false);
  const { runs, dollars: spent } = user.today;
  const facts = [
    !user.enabled && 'switched off',
    user.groups.includes('admin') && 'administrator',
    user.status === 'FORCE_CHANGE_PASSWORD' && 'invited',
    `today ${plural(runs, 'run')}, ${dollars(spent)}`,
  ];
  return (
    <li data-off={!user.enabled || undefined}>
      <span className={styles.text}>
        <strong>{user.email}</strong>
        <small>{facts.filter(Boolean).join(' · ')}</small>
      </span>
      <Button look="outline" aria-label={`Change ${user.email}`} onClick={() => setChanging(true)}>
        Change
      </Button>
      {changing && (
        <Change
          user={user}
          onClose={() => {
            setChanging(false);
            onChanged();
          }}
        />
      )}
    </li>
  );
}

function Change({ user, onClose }: { user: User; onClose(): void }) {
  const me = useSession().person?.userId === user.userId;
  const submit = async (values: Values) => {
    await changeUser(user.userId, { ...limitsOf(values), ...(me ? {} : standingOf(values)) });
    onClose();
  };
  return (
    <Dialog title={user.email} onClose={onClose}>
      <Form title="What they may do" submit="Save" onSubmit={submit} focus={false}>
        {!me && (
          <fieldset className={styles.choices}>
            <legend>Account</legend>
            <label>
              <input type="checkbox" name="enabled" defaultChecked={user.enabled} /> May come in
            </label>
            <label>
              <input type="checkbox" name="admin" defaultChecked={user.groups.includes('admin')} />{' '}
              Is an administrator
            </label>
          </fieldset>
        )}
        <Limit name="runsPerDay" label="Runs a day" value={user.runsPerDay} min={1} step={1} />
        <Limit
          name="spendPerDay"
          label="Dollars a day"
          value={user.spendPerDay}
          min={0.01}
          step={0.01}
        />
        <Allowed models={user.models} />
      </Form>
    </Dialog>
  );
}

interface LimitProps {
  name: string;
  label: string;
  value: number | null;
  min: number;
  step: number;
}

const Limit = ({ value, ...rest }: LimitProps) => (
  <Field
    {...rest}
    type="number"
    required={false}
    max={1_000_000}
    defaultValue={value ?? ''}
    hint="Empty: as for everybody."
  />
);

/** Which models somebody may use; all of them means those configured later, too. */
function Allowed({ models }: { models: number[] | null }) {
  const configured = useModels().data?.models ?? [];
  return (
    <fieldset className={styles.choices}>
      <legend>Models</legend>
      {configured.map(({ index, name }) => (
        <label key={index}>
          <input
            type="checkbox"
            name={`model-${index}`}
            defaultChecked={models === null || models.includes(index)}
          />{' '}
          {name}
        </label>
      ))}
      <input type="hidden" name="models" value={configured.map(({ index }) => index).join()} />
    </fieldset>
  );
}
