import { useTitle } from '../../ui/useTitle';
import { SignInFlow } from './SignInFlow';
import styles from './SignInScreen.module.css';
import { useSession } from './useSession';

/** What stands in place of every screen until somebody has signed in. */
export default function SignInScreen() {
  const { session, auth, pool } = useSession();
  useTitle('Sign in');
  return (
    <main className={styles.screen} id="stage">
      <h1>One prompt to every image model at once</h1>
      <SignInFlow
        pool={pool}
        open={auth.signUp === 'open'}
        onIn={(tokens) => session.enter(tokens)}
      />
    </main>
  );
}
