import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { switchModel } from '../../api/accounts/calls';
import { modelsKey, useModels } from '../../api/queries';
import type { Model } from '../../api/types';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { showToast } from '../../ui/toast';
import { useTitle } from '../../ui/useTitle';
import { Form, type Values } from './Form';
import { Field } from './fields';
import styles from './List.module.css';

/** Which models take new work: one that does harm or costs too much is switched off at once. */
export default function Models() {
  useTitle('Models');
  const { data, error } = useModels();
  return (
    <>
      <h1>Models</h1>
      {error && <p role="alert">{error.message}</p>}
      <ul className={styles.list}>
        {data?.models.map((model) => (
          <Line key={model.index} model={model} />
        ))}
      </ul>
    </>
  );
}

function Line({ model }: { model: Model }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const turn = async (enabled: boolean, reason = '') => {
    await switchModel(model.index, enabled, reason);
    await client.invalidateQueries({ queryKey: modelsKey });
  };
  const turnOn = () => turn(true).catch((error: Error) => showToast({ text: error.message }));
  const turnOff = async ({ reason }: Values) => {
    await turn(false, reason);
    setAsking(false);
  };
  return (
    <li data-off={!model.enabled || undefined}>
      <span className={styles.text}>
        <strong>{model.name}</strong>
        <small>{`${model.provider} · ${model.enabled ? 'on' : 'switched off'}`}</small>
        {!model.enabled && <small>{model.reason}</small>}
      </span>
      <Button
        look="outline"
        aria-label={`Switch ${model.enabled ? 'off' : 'on'} ${model.name}`}
        onClick={model.enabled ? () => setAsking(true) : turnOn}
      >
        {model.enabled ? 'Switch off' : 'Switch on'}
      </Button>
      {asking && (
        <Dialog title={`Switch off ${model.name}`} onClose={() => setAsking(false)}>
          <Form title="It takes no new work" submit="Switch off" onSubmit={turnOff}>
            <Field
              label="Why"
              name="reason"
              required={false}
              maxLength={200}
              autoComplete="off"
              hint="A sentence for those who want to use it."
            />
          </Form>
        </Dialog>
      )}
    </li>
  );
}
