import { useEffect, useRef, useState } from 'react';
import { useEnhance } from '../../api/queries';
import { wordDiff } from '../../lib/diff';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import { showToast } from '../../ui/toast';
import { isVisible, remember } from './draft';
import styles from './EnhanceDialog.module.css';

interface EnhanceDialogProps {
  prompt: string;
  onAccept(prompt: string): void;
  onClose(): void;
}

/** The prompt beside its enhanced form, every change marked, to be edited before it is taken. */
export default function EnhanceDialog({ prompt, onAccept, onClose }: EnhanceDialogProps) {
  const { mutate, data, error, isPending } = useEnhance();
  const edited = useRef<string | null>(null);
  useEffect(() => mutate(prompt), [mutate, prompt]);
  const close = () => {
    if (edited.current) keep(edited.current);
    onClose();
  };
  return (
    <Dialog title="Enhance the prompt" onClose={close} wide>
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
          onEdit={(text) => {
            edited.current = text === data.enhanced ? null : text;
          }}
          onAccept={(accepted) => {
            onAccept(accepted);
            onClose();
          }}
          onDiscard={close}
        />
      )}
    </Dialog>
  );
}

/** What a person has written is not lost by a click beside the dialog. */
function keep(text: string): void {
  if (!isVisible(text)) return;
  remember(text.trim());
  showToast({ text: 'The edited prompt was not used. It is in the history.' });
}

interface ProposalProps {
  original: string;
  enhanced: string;
  onEdit(text: string): void;
  onAccept(prompt: string): void;
  onDiscard(): void;
}

function Proposal({ original, enhanced, onEdit, onAccept, onDiscard }: ProposalProps) {
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
            onChange={(event) => {
              setText(event.target.value);
              onEdit(event.target.value);
            }}
          />
        </section>
      </div>
      <div className={styles.choice}>
        <Button look="outline" onClick={onDiscard}>
          Keep the original
        </Button>
        <Button look="primary" disabled={!isVisible(text)} onClick={() => onAccept(text)}>
          Use this prompt
        </Button>
      </div>
    </>
  );
}
