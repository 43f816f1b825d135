import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Asked, Step, UserPool } from '../../api/accounts/pool';
import { Button } from '../../ui/Button';
import { Form, type Values } from './Form';
import { CodeField, digits, EmailField, PasswordField } from './fields';
import { Secret } from './Secret';

interface ChallengeProps {
  pool: UserPool;
  asked: Asked;
  email: string;
  onStep(step: Step): void;
  back: ReactNode;
}

/** Somebody who was invited takes a password of their own. */
export function FirstPassword({ pool, asked, email, onStep, back }: ChallengeProps) {
  const submit = async ({ password = '' }: Values) =>
    onStep(await pool.chooseFirstPassword(asked, password));
  return (
    <Form
      title="Choose your password"
      submit="Go on"
      onSubmit={submit}
      note="The password from the invitation is good for this once."
      foot={back}
    >
      <EmailField defaultValue={email} readOnly />
      <PasswordField fresh />
    </Form>
  );
}

export function SecondStep({ pool, asked, onStep, back }: ChallengeProps) {
  const submit = async ({ code }: Values) => onStep(await pool.giveCode(asked, digits(code)));
  return (
    <Form title="The second step" submit="Sign in" onSubmit={submit} foot={back}>
      <CodeField label="Code from your app" />
    </Form>
  );
}

/** Where the installation wants a second step from everybody: it is set up on the way in. */
export function SetUp({ pool, asked, email, onStep, back }: ChallengeProps) {
  const [begun, setBegun] = useState<{ secret: string; asked: Asked } | null>(null);
  const [problem, setProblem] = useState('');
  const once = useRef(false);
  useEffect(() => {
    if (once.current) return;
    once.current = true;
    pool.beginSetup(asked).then(setBegun, (error: Error) => setProblem(error.message));
  }, [pool, asked]);
  const submit = async ({ code }: Values) => {
    if (begun) onStep(await pool.endSetup(begun.asked, digits(code)));
  };
  if (problem)
    return (
      <p role="alert">
        {problem} {back}
      </p>
    );
  if (!begun) return <p role="status">One moment…</p>;
  return (
    <SetUpForm secret={begun.secret} email={email} onSubmit={submit} foot={back} submit="Sign in" />
  );
}

interface SetUpFormProps {
  secret: string;
  email: string;
  submit: string;
  onSubmit(values: Values): Promise<unknown>;
  foot?: ReactNode;
}

export function SetUpForm({ secret, email, ...rest }: SetUpFormProps) {
  return (
    <Form title="Set up the second step" {...rest}>
      <p>
        Scan this with an app for one-time codes, or put the secret into it; then write its code.
      </p>
      <Secret secret={secret} email={email} />
      <CodeField label="Code from your app" />
    </Form>
  );
}

/** The second step of somebody who is in: on, off, or being set up. */
export function SecondStepSetting({ pool, token, email, required }: SecondStepSettingProps) {
  const [on, setOn] = useState<boolean | null>(null);
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState('');
  const tell = (error: Error) => setProblem(error.message);
  useEffect(() => {
    token()
      .then((access) => pool.hasSecondStep(access))
      .then(setOn, (error: Error) => setProblem(error.message));
  }, [pool, token]);
  const begin = () =>
    token()
      .then((access) => pool.beginSecondStep(access))
      .then(setSecret, tell);
  const end = async ({ code }: Values) => {
    await pool.endSecondStep(await token(), digits(code));
    setSecret('');
    setOn(true);
  };
  const turnOff = () =>
    token()
      .then((access) => pool.preferSecondStep(access, false))
      .then(() => setOn(false), tell);
  if (secret) {
    const leave = <Button onClick={() => setSecret('')}>Leave it</Button>;
    return (
      <SetUpForm secret={secret} email={email} submit="Turn it on" onSubmit={end} foot={leave} />
    );
  }
  return (
    <section>
      <h2>Second step</h2>
      {problem && <p role="alert">{problem}</p>}
      {on === true && <p role="status">Signing in asks for a code from your app.</p>}
      {on === false && (
        <p>A code from an app, besides the password, keeps others out of your account.</p>
      )}
      {on === false && (
        <Button icon="lock" look="outline" onClick={begin}>
          Set it up
        </Button>
      )}
      {on && !required && (
        <Button icon="unlock" look="outline" onClick={turnOff}>
          Turn it off
        </Button>
      )}
    </section>
  );
}

interface SecondStepSettingProps {
  pool: UserPool;
  token(): Promise<string>;
  email: string;
  required: boolean;
}
