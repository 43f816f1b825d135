import { type KeyboardEvent, type Ref, useId, useState } from 'react';
import { useStore } from '../../ui/useStore';
import { draftStore, editDraft, historyStore, promptLength } from './draft';
import styles from './PromptField.module.css';
import { browseTo, takeLastBack } from './replaceDraft';

const NEARLY_FULL = 0.8;

interface PromptFieldProps {
  ref: Ref<HTMLTextAreaElement>;
  maxLength: number;
}

/** The prompt: grows with its text, counts, and walks through earlier prompts with ↑ and ↓. */
export function PromptField({ ref, maxLength }: PromptFieldProps) {
  const { prompt } = useStore(draftStore);
  const browse = useHistory(prompt);
  const id = useId();
  const length = promptLength(prompt);
  const excess = length - maxLength;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>Prompt</label>
      <textarea
        ref={ref}
        id={id}
        className={styles.text}
        rows={3}
        value={prompt}
        dir="auto"
        aria-invalid={excess > 0}
        placeholder="Describe a picture. Every model draws it."
        aria-describedby={`${id}-count`}
        onChange={(event) => editDraft({ prompt: event.target.value })}
        onKeyDown={(event) => undo(event) || browse(event)}
      />
      <span
        id={`${id}-count`}
        className={styles.count}
        data-near={length > maxLength * NEARLY_FULL || undefined}
      >
        {excess > 0 && `${excess} too many: `}
        {length} / {maxLength}
      </span>
    </div>
  );
}

/** Ctrl+Z brings back what was written over from outside; the field's own undo does not know it. */
function undo(event: KeyboardEvent): boolean {
  const { key, metaKey, ctrlKey, shiftKey } = event;
  if (key.toLowerCase() !== 'z' || shiftKey || !(metaKey || ctrlKey)) return false;
  if (takeLastBack()) event.preventDefault();
  return true;
}

/** ↑ at the very start of the text goes back in history; ↓ comes forward again. */
function useHistory(prompt: string) {
  const history = useStore(historyStore);
  const [back, setBack] = useState({ steps: 0, written: '' });
  return (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const older = event.key === 'ArrowUp' && selectionEnd === 0;
    const browsing = back.steps > 0 && prompt === history[back.steps - 1];
    const newer = event.key === 'ArrowDown' && browsing && selectionStart === 0;
    if (!older && !newer) return;
    const written = browsing ? back.written : prompt;
    const steps = (browsing ? back.steps : 0) + (older ? 1 : -1);
    const next = steps === 0 ? written : history[steps - 1];
    if (next === undefined) return;
    event.preventDefault();
    const area = event.currentTarget;
    setBack({ steps, written });
    browseTo(next, browsing);
    requestAnimationFrame(() => area.setSelectionRange(0, 0));
  };
}
