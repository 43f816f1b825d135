import type { FormEvent } from 'react';
import { useRef } from 'react';
import { useModels } from '../../api/queries';
import type { Job } from '../../api/types';
import { useActions } from '../../ui/useActions';
import { useStore } from '../../ui/useStore';
import { AspectPicker } from './AspectPicker';
import styles from './Composer.module.css';
import { chosenModels, draftStore, editDraft } from './draft';
import { GenerateBar } from './GenerateBar';
import { ModelPicker } from './ModelPicker';
import { PromptField } from './PromptField';
import { PromptTools } from './PromptTools';
import { Settings } from './Settings';
import { useStart } from './useStart';

/** Everything that goes into a run, always at hand beside the pictures. */
export function Composer({ onStarted }: { onStarted(job: Job): void }) {
  const { data } = useModels();
  const draft = useStore(draftStore);
  const prompt = useRef<HTMLTextAreaElement>(null);
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
        <PromptTools draft={draft} canEnhance={data?.promptModel != null} />
      </div>
      <div className={styles.options}>
        <AspectPicker
          ratios={data?.aspectRatios ?? []}
          value={draft.aspectRatio}
          onChange={(aspectRatio) => editDraft({ aspectRatio })}
        />
        <ModelPicker models={models} chosen={chosen} />
        <Settings draft={draft} chosen={chosen} ranges={data?.parameters ?? {}} />
      </div>
      <GenerateBar start={start} chosen={chosen} />
    </form>
  );
}
