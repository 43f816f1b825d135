import { Suspense, useState } from 'react';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Icon } from '../../ui/Icon';
import styles from './SessionEnded.module.css';
import { SignInFlow } from './SignInFlow';
import { useSession } from './useSession';

/** Says that the session is over; the screen beneath stays as it is and goes on after signing in. */
export default function SessionEnded() {
  const [asking, setAsking] = useState(false);
  return (
    <div className={styles.bar} role="alert">
      <Icon name="lock" />
      <p>Your session has ended. What is on this screen stays, and goes on once you sign in.</p>
      <Button look="outline" onClick={() => setAsking(true)}>
        Sign in again
      </Button>
      <Suspense>{asking && <Again onClose={() => setAsking(false)} />}</Suspense>
    </div>
  );
}

function Again({ onClose }: { onClose(): void }) {
  const { session, auth, pool, person } = useSession();
  return (
    <Dialog title="Your session has ended" onClose={onClose}>
      <SignInFlow
        pool={pool}
        open={auth.signUp === 'open'}
        known={person?.email ?? ''}
        onIn={(tokens) => session.enter(tokens)}
      />
    </Dialog>
  );
}
