import { useModels } from '../../api/queries';
import { runAction } from '../../lib/actions';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { Logo } from '../../ui/Spinner';
import { replacePrompt } from './replaceDraft';
import styles from './Welcome.module.css';

const PROMPTS = [
  'A lighthouse keeper’s kitchen at dawn, steam from a copper kettle, film photograph',
  'Isometric cutaway of a tiny recording studio inside a walnut shell',
  'A poster for a jazz night on the moon, three colours, lots of empty space',
  'Macro photograph of frost forming on a violin string',
  'An old fishing village as a paper collage, low evening sun',
];

/** The first thing a newcomer sees: what this is, and five good ways to begin. */
export function Welcome() {
  const { data, error, failureCount } = useModels();
  if (error || (!data && failureCount > 0)) return <ServerGone />;
  if (data?.models.length === 0) return <NoModels />;
  return (
    <section className={styles.welcome}>
      <Logo size={44} />
      <h1>
        <span>One prompt.</span> <span>Every model.</span> <span>Side by side.</span>
      </h1>
      <p className={styles.lead}>
        Write a prompt, and every model you have set up draws it at the same time. Each picture
        appears the moment it exists, whole, with what it really took: size, seed, seconds, cost.
      </p>
      {data?.models.some(({ simulated }) => simulated) && <Simulated />}
      <h2>Try one of these</h2>
      <ul className={styles.prompts}>
        {PROMPTS.map((prompt) => (
          <li key={prompt}>
            <button type="button" onClick={() => tryPrompt(prompt)}>
              {prompt}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Simulated() {
  return (
    <p className={styles.simulated}>
      <span>For now the pictures are simulated: nothing is sent out, nothing is billed.</span>
      <Button look="outline" onClick={() => runAction('add-key')}>
        Use real models
      </Button>
    </p>
  );
}

function tryPrompt(prompt: string): void {
  replacePrompt(prompt, 'Example taken.');
  runAction('focus-prompt');
}

function NoModels() {
  return (
    <Notice title="No model is configured" icon="help">
      <p>
        Set <code>MODEL_COUNT</code>, <code>MODEL_1_NAME</code> and <code>MODEL_1_KEY</code> in{' '}
        <code>.env</code>, then start Pixel Prompt again.
      </p>
    </Notice>
  );
}

function ServerGone() {
  return (
    <Notice title="The server does not answer" tone="bad">
      <p>Pixel Prompt keeps trying. What you write here is kept.</p>
      <Button icon="retry" look="outline" onClick={() => location.reload()}>
        Try now
      </Button>
    </Notice>
  );
}
