import { Button } from '../../../ui/Button';
import { Notice } from '../../../ui/Notice';
import styles from '../Batches.module.css';
import type { BatchDraft } from './draft';
import type { Saving } from './save';

interface OvertakenProps {
  draft: BatchDraft;
  saving: Saving;
  onCompare(from: number): void;
}

/** What to do where a text cannot be kept as the next version of what it was begun from. */
export function Overtaken({ draft, saving, onCompare }: OvertakenProps) {
  const { conflict, save, busy } = saving;
  if (!conflict || !draft.base) return null;
  const asAnother = (
    <Button look="outline" aria-disabled={busy} onClick={() => save({ ...draft, base: null })}>
      Keep mine as another template
    </Button>
  );
  if (conflict === 'gone')
    return (
      <Notice title="The template has been deleted meanwhile" tone="bad">
        <p>What you have written is still here.</p>
        <div className={styles.actions}>{asAnother}</div>
      </Notice>
    );
  const { newer } = conflict;
  return (
    <Notice title="Somebody was faster" tone="bad">
      <p>
        {`Version ${newer.version} has been kept meanwhile; yours was begun from version ${draft.base.version}. Nothing is lost: both stay.`}
      </p>
      <div className={styles.actions}>
        <Button look="outline" onClick={() => onCompare(newer.version)}>
          Compare with mine
        </Button>
        <Button
          look="outline"
          aria-disabled={busy}
          onClick={() => save({ ...draft, base: newer })}
        >{`Keep mine as version ${newer.version + 1}`}</Button>
        {asAnother}
      </div>
    </Notice>
  );
}
