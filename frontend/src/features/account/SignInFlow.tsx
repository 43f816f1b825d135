import { type ReactNode, useState } from 'react';
import {
  type Asked,
  isAsked,
  type Step,
  type Tokens,
  type UserPool,
} from '../../api/accounts/pool';
import { Button } from '../../ui/Button';
import { FirstPassword, SecondStep, SetUp } from './challenges';
import { Form, type Values } from './Form';
import { CodeField, digits, EmailField, PasswordField } from './fields';

type At = 'signIn' | 'signUp' | 'confirm' | 'forgot' | 'reset';

interface SignInFlowProps {
  pool: UserPool;
  /** Whether anybody may make an account of their own. */
  open: boolean;
  /** Who was in before. */
  known?: string;
  onIn(tokens: Tokens): void;
}

/** Every way in: signing in and what the pool asks then, signing up, a forgotten password. */
export function SignInFlow({ pool, open, known = '', onIn }: SignInFlowProps) {
  const [at, setAt] = useState<At>('signIn');
  const [email, setEmail] = useState(known);
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  const go = (next: At, said = '') => {
    setAsked(null);
    setNote(said);
    setAt(next);
  };
  const take = (step: Step) => (isAsked(step) ? setAsked(step) : onIn(step));
  const way = { pool, email, setEmail, note, go, take };
  if (asked) return <Answer key={asked.challenge} asked={asked} email={email} way={way} />;
  if (at === 'signUp') return <SignUp key={at} {...way} />;
  if (at === 'confirm') return <Confirm key={at} {...way} />;
  if (at === 'forgot') return <Forgot key={at} {...way} />;
  if (at === 'reset') return <Reset key={at} {...way} />;
  return <SignIn key={at} {...way} open={open} />;
}

interface Way {
  pool: UserPool;
  email: string;
  setEmail(email: string): void;
  note: string;
  go(next: At, said?: string): void;
  take(step: Step): void;
}

function Answer({ asked, email, way }: { asked: Asked; email: string; way: Way }) {
  const { pool, take } = way;
  const back = <Back way={way}>Start again</Back>;
  const parts = { pool, asked, email, onStep: take, back };
  if (asked.challenge === 'NEW_PASSWORD_REQUIRED') return <FirstPassword {...parts} />;
  if (asked.challenge === 'MFA_SETUP') return <SetUp {...parts} />;
  return <SecondStep {...parts} />;
}

const Back = ({ way, children }: { way: Pick<Way, 'go'>; children: ReactNode }) => (
  <Button onClick={() => way.go('signIn')}>{children}</Button>
);

function SignIn({ open, ...way }: Way & { open: boolean }) {
  const { pool, email, setEmail, note, go, take } = way;
  const submit = async ({ email: typed = '', password = '' }: Values) => {
    setEmail(typed);
    try {
      take(await pool.signIn(typed, password));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'UserNotConfirmedException') return go('confirm', (error as Error).message);
      if (code === 'PasswordResetRequiredException') return go('forgot', (error as Error).message);
      throw error;
    }
  };
  const foot = (
    <>
      <Button onClick={() => go('forgot')}>Forgot the password</Button>
      {open && <Button onClick={() => go('signUp')}>Make an account</Button>}
    </>
  );
  return (
    <Form title="Sign in" submit="Sign in" onSubmit={submit} note={note} foot={foot}>
      <EmailField defaultValue={email} />
      <PasswordField />
    </Form>
  );
}

function SignUp(way: Way) {
  const { pool, email, setEmail, go } = way;
  const submit = async ({ email: typed = '', password = '' }: Values) => {
    setEmail(typed);
    await pool.signUp(typed, password);
    go('confirm', `A mail with a code is on its way to ${typed}.`);
  };
  return (
    <Form
      title="Make an account"
      submit="Make the account"
      onSubmit={submit}
      foot={<Back way={way}>I have one</Back>}
    >
      <EmailField defaultValue={email} />
      <PasswordField fresh />
    </Form>
  );
}

function Confirm(way: Way) {
  const { pool, email, note, go } = way;
  const [said, setSaid] = useState(note);
  const submit = async ({ code }: Values) => {
    await pool.confirm(email, digits(code));
    go('signIn', 'The address is confirmed. Sign in now.');
  };
  const resend = () =>
    pool.resend(email).then(
      () => setSaid(`Another mail is on its way to ${email}.`),
      (error: Error) => setSaid(error.message),
    );
  const foot = (
    <>
      <Button onClick={resend}>Send another code</Button>
      <Back way={way}>Back</Back>
    </>
  );
  return (
    <Form title="Confirm the address" submit="Confirm" onSubmit={submit} note={said} foot={foot}>
      <CodeField label="Code from the mail" />
    </Form>
  );
}

function Forgot(way: Way) {
  const { pool, email, setEmail, note, go } = way;
  const submit = async ({ email: typed = '' }: Values) => {
    setEmail(typed);
    await pool.forgot(typed);
    go('reset', `If there is an account of ${typed}, a mail with a code is on its way.`);
  };
  return (
    <Form
      title="Forgot the password"
      submit="Send a code"
      onSubmit={submit}
      note={note}
      foot={<Back way={way}>Back</Back>}
    >
      <EmailField defaultValue={email} />
    </Form>
  );
}

function Reset(way: Way) {
  const { pool, email, note, go } = way;
  const submit = async ({ code, password = '' }: Values) => {
    await pool.reset(email, digits(code), password);
    go('signIn', 'The new password holds. Sign in with it.');
  };
  const foot = (
    <>
      <Button onClick={() => go('forgot')}>Send another code</Button>
      <Back way={way}>Back</Back>
    </>
  );
  return (
    <Form title="Choose a new password" submit="Set it" onSubmit={submit} note={note} foot={foot}>
      <EmailField defaultValue={email} readOnly />
      <CodeField label="Code from the mail" />
      <PasswordField fresh />
    </Form>
  );
}
