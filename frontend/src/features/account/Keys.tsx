import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getKeys, makeKey, revokeKey } from '../../api/accounts/calls';
import type { Key, NewKey } from '../../api/types';
import { askedAction } from '../../lib/actions';
import { copyText } from '../../lib/clipboard';
import { moment } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { showToast } from '../../ui/toast';
import { useTitle } from '../../ui/useTitle';
import { Form, type Values } from './Form';
import { Field, Lifetime, untilOf } from './fields';
import styles from './List.module.css';

const KEY = ['keys'];
const SCOPES = { generate: 'Start runs', read: 'Look at runs' } as const;
type Scope = keyof typeof SCOPES;

/** Keys for programs that use the API as their owner does. */
export default function Keys() {
  useTitle('Keys');
  const client = useQueryClient();
  const [made, setMade] = useState<NewKey | null>(null);
  const { data, error } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => getKeys(signal) });
  const refresh = () => client.invalidateQueries({ queryKey: KEY });
  const submit = async (values: Values) => {
    const scopes = (Object.keys(SCOPES) as Scope[]).filter((scope) => values[scope]);
    if (scopes.length === 0) throw new Error('Choose what the key may do.');
    setMade(await makeKey({ name: values.name ?? '', scopes, expiresAt: untilOf(values.days) }));
    refresh();
  };
  return (
    <>
      <h1>Keys</h1>
      {error && <p role="alert">{error.message}</p>}
      {made && <Made made={made} />}
      <ul className={styles.list}>
        {data?.keys.map((key) => (
          <Line key={key.keyId} item={key} onRevoked={refresh} />
        ))}
      </ul>
      {data?.keys.length === 0 && <p>A key lets a program use the API as you do.</p>}
      <Form key={made?.keyId} title="Make a key" submit="Make it" onSubmit={submit} focus={false}>
        <Field label="Name" name="name" maxLength={100} autoComplete="off" />
        <fieldset className={styles.choices}>
          <legend>It may</legend>
          {Object.entries(SCOPES).map(([scope, label]) => (
            <label key={scope}>
              <input type="checkbox" name={scope} defaultChecked /> {label}
            </label>
          ))}
        </fieldset>
        <Lifetime
          label="It works for"
          days={[30, 90, 365]}
          longest="as long as it is not revoked"
        />
      </Form>
    </>
  );
}

function Made({ made }: { made: NewKey }) {
  const copy = async () =>
    showToast({
      text: (await copyText(made.key)) ? 'Key copied.' : 'The browser did not allow copying.',
    });
  return (
    <div className={styles.made} role="status">
      <Notice icon="lock" title={`The key “${made.name}” is shown this once`}>
        <code>{made.key}</code>
        <Button icon="copy" look="outline" onClick={copy}>
          Copy the key
        </Button>
      </Notice>
    </div>
  );
}

function Line({ item, onRevoked }: { item: Key; onRevoked(): void }) {
  const run = () =>
    revokeKey(item.keyId).then(onRevoked, (error: Error) => showToast({ text: error.message }));
  const ask = `Programs that use “${item.name}” are refused within a minute.`;
  const revoke = () =>
    askedAction.set({ id: 'revoke-key', label: 'Revoke the key', group: 'Page', ask, run });
  const facts = [
    item.scopes.join(', '),
    item.lastUsedAt ? `used ${moment(item.lastUsedAt)}` : 'not used yet',
    item.expiresAt && `until ${moment(item.expiresAt)}`,
  ];
  return (
    <li>
      <span className={styles.text}>
        <strong>{item.name}</strong>
        <small>{facts.filter(Boolean).join(' · ')}</small>
      </span>
      <Button look="outline" onClick={revoke} aria-label={`Revoke ${item.name}`}>
        Revoke
      </Button>
    </li>
  );
}
