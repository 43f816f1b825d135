import { Suspense, useState } from 'react';
import type { Action } from '../../lib/actions';
import { ActionButton } from '../../ui/Button';
import { lazyLater } from '../../ui/lazyLater';
import { showToast } from '../../ui/toast';
import { useActions } from '../../ui/useActions';
import { type Draft, isVisible, saveDraft, savedDrafts } from './draft';
import styles from './PromptTools.module.css';
import { replacePrompt } from './replaceDraft';

const EnhanceDialog = lazyLater(() => import('./EnhanceDialog'));
const LibraryDialog = lazyLater(() => import('./LibraryDialog'));

interface PromptToolsProps {
  draft: Draft;
  canEnhance: boolean;
}

/** What can be done with a prompt before it is drawn. */
export function PromptTools({ draft, canEnhance }: PromptToolsProps) {
  const [open, setOpen] = useState<'enhance' | 'library' | null>(null);
  const actions = promptActions(draft, canEnhance, setOpen);
  useActions(Object.values(actions));
  const close = () => setOpen(null);
  return (
    <>
      <div className={styles.tools}>
        <ActionButton action={actions.enhance} icon="wand" />
        <ActionButton action={actions.library} icon="history" />
        <ActionButton action={actions.save} icon="save" />
      </div>
      <Suspense>
        {open === 'enhance' && (
          <EnhanceDialog prompt={draft.prompt} onAccept={accept} onClose={close} />
        )}
        {open === 'library' && <LibraryDialog onClose={close} />}
      </Suspense>
    </>
  );
}

const accept = (prompt: string) => replacePrompt(prompt, 'Prompt enhanced.');

function keep(draft: Draft): void {
  const before = savedDrafts.get();
  saveDraft(draft);
  showToast({ text: 'Draft saved.', undo: () => savedDrafts.set(before) });
}

function promptActions(
  draft: Draft,
  canEnhance: boolean,
  open: (dialog: 'enhance' | 'library') => void,
) {
  const written = isVisible(draft.prompt);
  return {
    enhance: {
      id: 'enhance',
      label: 'Enhance',
      group: 'Prompt',
      keys: 'E',
      ask: 'A text model rewrites the prompt, for its price.',
      enabled: written && canEnhance,
      run: () => open('enhance'),
    },
    library: {
      id: 'library',
      label: 'History',
      group: 'Prompt',
      keys: 'H',
      run: () => open('library'),
    },
    save: {
      id: 'save-draft',
      label: 'Save draft',
      group: 'Prompt',
      enabled: written,
      run: () => keep(draft),
    },
  } satisfies Record<string, Action>;
}
