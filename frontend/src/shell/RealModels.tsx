import { copyText } from '../lib/clipboard';
import { Button } from '../ui/Button';
import { showToast } from '../ui/toast';

const ENV_LINES = `MODEL_COUNT=1
MODEL_1_NAME="GPT Image 2"
MODEL_1_KEY=your-key`;

/** How to get real models in place of simulated ones. */
export default function RealModels({ who }: { who: string }) {
  return (
    <>
      <h2>These pictures are simulated</h2>
      <p>
        {who} here is played by a stand-in on this machine: nothing is sent out and nothing is
        billed. To use real models, put their names and keys into <code>.env</code> and start again:
      </p>
      <pre>{ENV_LINES}</pre>
      <Button icon="copy" look="outline" onClick={copyLines}>
        Copy
      </Button>
    </>
  );
}

async function copyLines(): Promise<void> {
  const copied = await copyText(ENV_LINES);
  showToast({ text: copied ? 'Lines copied.' : 'The browser did not allow copying.' });
}
