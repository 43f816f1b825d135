import { useEffect, useState } from 'react';
import { useEnhance } from '../../api/queries';
import { wordDiff } from '../../lib/wordDiff';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import styles from './EnhanceDialog.module.css';

interface EnhanceDialogProps {
  prompt: string;
  onAccept(prompt: string): void;
  onClose(): void;
}

/** The prompt beside its enhanced form, every change marked, to be edited before it is taken. */
export default function EnhanceDialog({ prompt, onAccept, onClose }: EnhanceDialogProps) {
  const { mutate, data, error, isPending } = useEnhance();
  useEffect(() => mutate(prompt), [mutate, prompt]);
  return (
    <Dialog title="Enhance the prompt" onClose={onClose} wide>
      {isPending && (
        <p className={styles.busy} role="status">
          <Spinner size={28} /> Writing…
        </p>
      )}
      {error && (
        <Notice title="The prompt could not be enhanced" tone="bad">
          <p>{error.message}</p>
          <Button icon="retry" look="outline" onClick={() => mutate(prompt)}>
            Try again
          </Button>
        </Notice>
      )}
      {data?.note && (
        <Notice title="The prompt stays as it is" icon="help">
          <p>{data.note}</p>
        </Notice>
      )}
      {data && !data.note && (
        <Proposal
          original={prompt}
          enhanced={data.enhanced}
          onAccept={(accepted) => {
            onAccept(accepted);
            onClose();
          }}
          onDiscard={onClose}
        />
      )}
    </Dialog>
  );
}

interface ProposalProps {
  original: string;
  enhanced: string;
  onAccept(prompt: string): void;
  onDiscard(): void;
}

function Proposal({ original, enhanced, onAccept, onDiscard }: ProposalProps) {
  const [text, setText] = useState(enhanced);
  return (
    <>
      <div className={styles.sides}>
        <section>
          <h3>What changes</h3>
          <p className={styles.difference} dir="auto">
            {wordDiff(original, text).map(({ kind, text: piece }, place) => {
              const Tag = { same: 'span', added: 'ins', removed: 'del' }[kind] as 'ins';
              // biome-ignore lint/suspicious/noArrayIndexKey: a piece is nothing but its place.
              return <Tag key={place}>{piece}</Tag>;
            })}
          </p>
        </section>
        <section>
          <h3>
            <label htmlFor="enhanced">Enhanced, yours to edit</label>
          </h3>
          <textarea
            id="enhanced"
            className={styles.text}
            value={text}
            dir="auto"
            onChange={(event) => setText(event.target.value)}
          />
        </section>
      </div>
      <div className={styles.choice}>
        <Button look="outline" onClick={onDiscard}>
          Keep the original
        </Button>
        <Button look="primary" disabled={text.trim() === ''} onClick={() => onAccept(text)}>
          Use this prompt
        </Button>
      </div>
    </>
  );
}
