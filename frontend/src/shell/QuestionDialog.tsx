import { type MouseEvent, useEffect, useRef } from 'react';
import { type Action, askedAction } from '../lib/actions';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import styles from './QuestionDialog.module.css';

/** The question before a key does what costs money or cannot be undone; a blind space or Enter says no. */
export default function QuestionDialog({ action }: { action: Action }) {
  const agreed = useRef(false);
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  const answer = (event: MouseEvent<HTMLElement>, yes: boolean) => {
    agreed.current = yes;
    event.currentTarget.closest('dialog')?.close();
  };
  const close = () => {
    askedAction.set(null);
    if (agreed.current) action.run();
  };
  return (
    <Dialog title={`${action.label}?`} onClose={close}>
      <p>{action.ask}</p>
      <div className={styles.answers}>
        <Button ref={no} look="outline" onClick={(event) => answer(event, false)}>
          No
        </Button>
        <Button look="primary" onClick={(event) => answer(event, true)}>
          {action.label}
        </Button>
      </div>
    </Dialog>
  );
}
