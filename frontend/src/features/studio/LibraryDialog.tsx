import { useState } from 'react';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { useStore } from '../../ui/useStore';
import { type Draft, historyStore, savedDrafts } from './draft';
import styles from './LibraryDialog.module.css';
import { replaceDraft, replacePrompt } from './replaceDraft';

/** The prompts of earlier runs, and the drafts put aside with their settings. */
export default function LibraryDialog({ onClose }: { onClose(): void }) {
  const history = useStore(historyStore);
  const drafts = useStore(savedDrafts);
  const [before, setBefore] = useState<Draft[] | null>(null);
  const take = (draft: Draft) => {
    replaceDraft(draft, 'Draft taken.');
    onClose();
  };
  const takePrompt = (prompt: string) => {
    replacePrompt(prompt, 'Prompt taken from the history.');
    onClose();
  };
  const remove = (draft: Draft) => {
    setBefore(drafts);
    savedDrafts.set(drafts.filter((other) => other !== draft));
  };
  const bringBack = () => {
    if (before) savedDrafts.set(before);
    setBefore(null);
  };
  return (
    <Dialog title="Drafts and history" onClose={onClose}>
      <section className={styles.part}>
        <h3>Saved drafts</h3>
        {before && (
          <p role="status">
            Draft deleted. <Button onClick={bringBack}>Undo</Button>
          </p>
        )}
        {drafts.length === 0 && !before && (
          <p>A saved draft keeps a prompt together with its settings.</p>
        )}
        <ul>
          {drafts.map((draft) => (
            <li key={JSON.stringify(draft)}>
              <button type="button" dir="auto" onClick={() => take(draft)}>
                {draft.prompt}
                <small>{draft.aspectRatio}</small>
              </button>
              <Button icon="cancel" bare onClick={() => remove(draft)}>
                Delete draft
              </Button>
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.part}>
        <h3>History</h3>
        {history.length === 0 && (
          <p>Prompts you have run appear here. ↑ in the prompt brings them back.</p>
        )}
        <ul>
          {history.map((prompt) => (
            <li key={prompt}>
              <button type="button" dir="auto" onClick={() => takePrompt(prompt)}>
                {prompt}
              </button>
            </li>
          ))}
        </ul>
      </section>
    </Dialog>
  );
}
