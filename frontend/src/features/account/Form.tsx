import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../ui/Button';
import styles from './Form.module.css';

export type Values = Record<string, string>;

interface FormProps {
  title: string;
  /** The label of its button. */
  submit: string;
  onSubmit(values: Values): Promise<unknown>;
  children: ReactNode;
  /** What came of an earlier step, said before the fields. */
  note?: string;
  /** What else can be done from here. */
  foot?: ReactNode;
  /** Whether its first empty field takes the focus. */
  focus?: boolean;
}

/** One form for one purpose, so that a password manager knows what it fills; what was typed stays. */
export function Form({ title, submit, onSubmit, children, note, foot, focus = true }: FormProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const heading = useId();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const inputs = [...(form.current?.querySelectorAll('input') ?? [])];
    if (focus) inputs.find(({ readOnly, value }) => !readOnly && !value)?.focus();
  }, [focus]);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const values = Object.fromEntries(new FormData(event.currentTarget)) as Values;
    setBusy(true);
    setProblem('');
    await onSubmit(values).catch((error: Error) => setProblem(error.message));
    setBusy(false);
  };
  return (
    <form ref={form} className={styles.form} aria-labelledby={heading} onSubmit={send}>
      <h2 id={heading}>{title}</h2>
      {note && (
        <p className={styles.note} role="status">
          {note}
        </p>
      )}
      {children}
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.foot}>
        <Button type="submit" look="primary" aria-disabled={busy}>
          {busy ? 'One moment…' : submit}
        </Button>
        {foot}
      </div>
    </form>
  );
}
