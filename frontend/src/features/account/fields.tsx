import { type ComponentProps, useId, useState } from 'react';
import { PASSWORD_RULE } from '../../api/accounts/pool';
import { serverNow } from '../../lib/clock';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import styles from './Form.module.css';

interface FieldProps extends ComponentProps<'input'> {
  label: string;
  name: string;
  hint?: string;
}

export function Field({ label, hint, children, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.input}>
        <input id={id} required aria-describedby={hint ? `${id}-hint` : undefined} {...rest} />
        {children}
      </div>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

export const EmailField = (props: Partial<FieldProps>) => (
  <Field
    label="E-mail"
    name="email"
    type="email"
    autoComplete="username"
    autoCapitalize="none"
    spellCheck={false}
    maxLength={128}
    {...props}
  />
);

/** A password that can be looked at while it is written. */
export function PasswordField({
  fresh = false,
  ...props
}: Partial<FieldProps> & { fresh?: boolean }) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={fresh ? 'New password' : 'Password'}
      name="password"
      type={shown ? 'text' : 'password'}
      autoComplete={fresh ? 'new-password' : 'current-password'}
      autoCapitalize="none"
      spellCheck={false}
      maxLength={256}
      {...(fresh ? { hint: PASSWORD_RULE } : {})}
      {...props}
    >
      <Button aria-pressed={shown} onClick={() => setShown(!shown)}>
        Show
      </Button>
    </Field>
  );
}

export const CodeField = (props: Partial<FieldProps>) => (
  <Field
    label="Code"
    name="code"
    inputMode="numeric"
    autoComplete="one-time-code"
    pattern="\s*[0-9]{3}\s?[0-9]{3}\s*"
    title="Six digits"
    maxLength={9}
    {...props}
  />
);

/** The six digits of a code, however it was pasted. */
export const digits = (code = ''): string => code.replace(/\s/g, '');

const DAY_MS = 86_400_000;

interface LifetimeProps {
  label: string;
  days: number[];
  /** What it is called to have no end of one's own. */
  longest: string;
}

/** How long something works that one hands out. */
export function Lifetime({ label, days, longest }: LifetimeProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.input}>
        <select id={id} name="days">
          {days.map((count) => (
            <option key={count} value={count}>
              {plural(count, 'day')}
            </option>
          ))}
          <option value="">{longest}</option>
        </select>
      </div>
    </div>
  );
}

/** The end of what begins now; null where it has none of its own. */
export const untilOf = (days = ''): string | null =>
  days ? new Date(serverNow() + Number(days) * DAY_MS).toISOString() : null;
