import type { ComponentProps } from 'react';
import { type Action, keyCaps } from '../lib/actions';
import styles from './Button.module.css';
import { Icon, type IconName } from './Icon';

interface ButtonProps extends ComponentProps<'button'> {
  icon?: IconName;
  look?: 'plain' | 'outline' | 'primary';
  /** Shows the icon alone; the label stays for screen readers and as a tooltip. */
  bare?: boolean;
}

export function Button({ icon, look = 'plain', bare = false, children, ...rest }: ButtonProps) {
  const label = bare && typeof children === 'string' ? children : undefined;
  return (
    <button
      type="button"
      title={label}
      {...rest}
      className={[styles.button, styles[look], bare && styles.bare, rest.className]
        .filter(Boolean)
        .join(' ')}
    >
      {icon && <Icon name={icon} />}
      <span className={bare ? 'visually-hidden' : undefined}>{children}</span>
    </button>
  );
}

interface ActionButtonProps extends Omit<ButtonProps, 'onClick' | 'disabled' | 'children'> {
  action: Action;
}

/** The button of an action: same label, same effect, and its key in the tooltip. */
export function ActionButton({ action, ...rest }: ActionButtonProps) {
  const caps = action.keys ? ` (${keyCaps(action.keys).join(' ')})` : '';
  return (
    <Button
      {...rest}
      title={action.label + caps}
      disabled={action.enabled === false}
      onClick={action.run}
    >
      {action.label}
    </Button>
  );
}
