import { useRef } from 'react';
import { useModels } from '../api/queries';
import { copyText } from '../lib/clipboard';
import { Button } from '../ui/Button';
import { showToast } from '../ui/toast';
import { useActions } from '../ui/useActions';
import styles from './SimulatedBadge.module.css';

const ID = 'simulated';
const ENV_LINES = `MODEL_COUNT=1
MODEL_1_NAME="GPT Image 2"
MODEL_1_KEY=your-key`;

/** Says plainly that the pictures are simulated, and how to get real ones. */
export function SimulatedBadge() {
  const explanation = useRef<HTMLDivElement>(null);
  const { data } = useModels();
  const simulated = data?.models.filter((model) => model.simulated).length ?? 0;
  const explain = () => explanation.current?.togglePopover();
  useActions([
    {
      id: 'add-key',
      label: 'Use real models',
      group: 'Page',
      keys: 'K',
      enabled: simulated > 0,
      run: explain,
    },
  ]);
  if (!data || simulated === 0) return null;
  return (
    <>
      <button type="button" className={styles.badge} popoverTarget={ID}>
        Simulated
      </button>
      <div ref={explanation} id={ID} popover="auto" className={styles.explanation}>
        <h2>These pictures are simulated</h2>
        <p>
          {simulated === data.models.length ? 'Every model' : `${simulated} of the models`} here is
          played by a stand-in on this machine: nothing is sent out and nothing is billed. To use
          real models, put their names and keys into <code>.env</code> and start again:
        </p>
        <pre>{ENV_LINES}</pre>
        <Button icon="copy" look="outline" onClick={copyLines}>
          Copy
        </Button>
      </div>
    </>
  );
}

async function copyLines(): Promise<void> {
  const copied = await copyText(ENV_LINES);
  showToast({ text: copied ? 'Lines copied.' : 'The browser did not allow copying.' });
}
