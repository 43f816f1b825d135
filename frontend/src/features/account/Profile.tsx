import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getMe } from '../../api/accounts/calls';
import { useModels } from '../../api/queries';
import { runAction } from '../../lib/actions';
import { dollars, moment, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { showToast } from '../../ui/toast';
import { useTitle } from '../../ui/useTitle';
import styles from './Account.module.css';
import { SecondStepSetting } from './challenges';
import { Form, type Values } from './Form';
import { PasswordField } from './fields';
import { useSession } from './useSession';

/** How somebody signs in, what they may do today, and how they leave. */
export default function Profile() {
  useTitle('Account');
  const { session, auth, pool, person } = useSession();
  const [token] = useState(() => () => session.accessToken());
  return (
    <>
      <h1>Account</h1>
      <p className={styles.who}>{person?.email}</p>
      <div className={styles.parts}>
        <Today />
        {auth.mfa !== 'off' && (
          <SecondStepSetting
            pool={pool}
            token={token}
            email={person?.email ?? ''}
            required={auth.mfa === 'required'}
          />
        )}
        <ChangePassword />
        <SignOut />
        <section>
          <h2>Look</h2>
          <Button icon="moon" look="outline" onClick={() => runAction('theme')}>
            Light or dark
          </Button>
        </section>
      </div>
    </>
  );
}

/** What is left of the day. */
function Today() {
  const { data, error } = useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => getMe(signal),
    staleTime: 0,
  });
  const all = useModels().data?.models.length;
  const limits = data?.limits;
  return (
    <section>
      <h2>Today</h2>
      {error && <p role="alert">{error.message}</p>}
      {limits && (
        <ul className={styles.facts}>
          <li>
            {limits.runsLeft === null
              ? 'As many runs as you like'
              : `${limits.runsLeft} of ${plural(limits.runsPerDay ?? limits.runsLeft, 'run')} left`}
          </li>
          {limits.spendPerDay !== null && limits.spendLeft !== null && (
            <li>{`${dollars(limits.spendLeft)} of ${dollars(limits.spendPerDay)} left`}</li>
          )}
          {all !== undefined && data.models.length < all && (
            <li>{`${data.models.length} of ${plural(all, 'model')} are yours to use`}</li>
          )}
          <li>{`A new day begins ${moment(limits.resetsAt)}`}</li>
        </ul>
      )}
    </section>
  );
}

function ChangePassword() {
  const { session, pool, person } = useSession();
  const [changes, setChanges] = useState(0);
  const submit = async ({ before = '', password = '' }: Values) => {
    await pool.changePassword(await session.accessToken(), before, password);
    showToast({ text: 'The new password holds from now on.' });
    setChanges(changes + 1);
  };
  return (
    <Form
      key={changes}
      title="Change the password"
      submit="Change it"
      onSubmit={submit}
      focus={false}
    >
      <input hidden autoComplete="username" defaultValue={person?.email} />
      <PasswordField label="Present password" name="before" />
      <PasswordField fresh />
    </Form>
  );
}

function SignOut() {
  const { session } = useSession();
  const [problem, setProblem] = useState('');
  const leave = (everywhere: boolean) =>
    session.signOut(everywhere).catch((error: Error) => setProblem(error.message));
  return (
    <section>
      <h2>Sign out</h2>
      <p>Takes your drafts and your prompt history out of this browser. Your runs stay yours.</p>
      <p>Everywhere else it takes up to an hour, until what is open there has to ask again.</p>
      {problem && <p role="alert">{problem}</p>}
      <div className={styles.row}>
        <Button look="outline" onClick={() => leave(false)}>
          Sign out
        </Button>
        <Button look="outline" onClick={() => leave(true)}>
          Sign out everywhere
        </Button>
      </div>
    </section>
  );
}
