import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { useStore } from '../../ui/useStore';
import { type Draft, draftStore, editDraft, historyStore, savedDrafts } from './draft';
import styles from './LibraryDialog.module.css';

/** The prompts of earlier runs, and the drafts put aside with their settings. */
export default function LibraryDialog({ onClose }: { onClose(): void }) {
  const history = useStore(historyStore);
  const drafts = useStore(savedDrafts);
  const take = (change: Partial<Draft>) => {
    editDraft(change);
    onClose();
  };
  const remove = (draft: Draft) => savedDrafts.set(drafts.filter((other) => other !== draft));
  return (
    <Dialog title="Drafts and history" onClose={onClose}>
      <section className={styles.part}>
        <h3>Saved drafts</h3>
        {drafts.length === 0 && <p>A saved draft keeps a prompt together with its settings.</p>}
        <ul>
          {drafts.map((draft) => (
            <li key={JSON.stringify(draft)}>
              <button type="button" dir="auto" onClick={() => take(replaceAll(draft))}>
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
              <button type="button" dir="auto" onClick={() => take({ prompt })}>
                {prompt}
              </button>
            </li>
          ))}
        </ul>
      </section>
    </Dialog>
  );
}

/** A draft replaces the composer's whole content: settings it lacks must not linger. */
function replaceAll(draft: Draft): Partial<Draft> {
  draftStore.set(draft);
  return draft;
}
