import { type Connection, useConnection } from '../live/useConnection';
import styles from './ConnectionChip.module.css';

const MEANING: Record<Connection, string> = {
  live: 'Pictures are pushed the moment they exist.',
  connecting: 'Connecting to the server.',
  polling: 'The push connection is down: the page asks every two seconds.',
  offline: 'The server cannot be reached. The page keeps trying.',
};

/** How news arrives right now, in one word. */
export function ConnectionChip() {
  const connection = useConnection();
  return (
    <span
      className={styles.chip}
      data-connection={connection}
      title={MEANING[connection]}
      role="status"
    >
      {connection}
    </span>
  );
}
