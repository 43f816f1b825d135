import { type FormEvent, lazy, Suspense, useRef, useState } from 'react';
import { useModels } from '../../api/queries';
import type { Job } from '../../api/types';
import { Button } from '../../ui/Button';
import { useActions } from '../../ui/useActions';
import { useStore } from '../../ui/useStore';
import { AspectPicker } from './AspectPicker';
import styles from './Composer.module.css';
import { chosenModels, draftStore, editDraft } from './draft';
import { GenerateBar } from './GenerateBar';
import { ModelPicker } from './ModelPicker';
import { PromptField } from './PromptField';
import { PromptTools } from './PromptTools';
import { useStart } from './useStart';

const Settings = lazy(() => import('./Settings'));

/** Everything that goes into a run, always at hand beside the pictures. */
export function Composer({ onStarted }: { onStarted(job: Job): void }) {
  const { data } = useModels();
  const draft = useStore(draftStore);
  const prompt = useRef<HTMLTextAreaElement>(null);
  const [finer, setFiner] = useState(false);
  const [unfolded, setUnfolded] = useState(false);
  const models = data?.models ?? [];
  const chosen = chosenModels(draft, models);
  const start = useStart(draft, models, onStarted);
  const focusPrompt = () => prompt.current?.focus();
  useActions([
    { id: 'focus-prompt', label: 'Write the prompt', group: 'Prompt', keys: '/', run: focusPrompt },
  ]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (start.action.enabled) start.action.run();
  };
  return (
    <form className={styles.composer} onSubmit={submit} aria-label="New run">
      <div className={styles.prompt}>
        <PromptField ref={prompt} maxLength={data?.limits.promptMaxLength ?? 1000} />
      </div>
      <div className={styles.tools}>
        <PromptTools draft={draft} canEnhance={data?.promptModel != null} />
        <Button
          className={styles.unfold}
          icon="chevron"
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
        >
          Options
        </Button>
      </div>
      <div className={styles.options} data-unfolded={unfolded || undefined}>
        <AspectPicker
          ratios={data?.aspectRatios ?? []}
          value={draft.aspectRatio}
          onChange={(aspectRatio) => editDraft({ aspectRatio })}
        />
        <ModelPicker models={models} chosen={chosen} />
        <details
          className={styles.settings}
          onToggle={(event) => setFiner(event.currentTarget.open)}
        >
          <summary>Settings</summary>
          <Suspense>
            {finer && <Settings draft={draft} chosen={chosen} ranges={data?.parameters ?? {}} />}
          </Suspense>
        </details>
      </div>
      <GenerateBar start={start} chosen={chosen} />
    </form>
  );
}
