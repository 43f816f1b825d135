import { type FormEvent, useRef, useState } from 'react';
import { useModels } from '../../api/queries';
import type { Job } from '../../api/types';
import { Button } from '../../ui/Button';
import { useActions } from '../../ui/useActions';
import { useStore } from '../../ui/useStore';
import styles from './Composer.module.css';
import { chosenModels, draftStore } from './draft';
import { GenerateBar } from './GenerateBar';
import { Options } from './Options';
import { PromptField } from './PromptField';
import { PromptTools } from './PromptTools';
import { useStart } from './useStart';

/** Everything that goes into a run, always at hand beside the pictures. */
export function Composer({ onStarted }: { onStarted(job: Job): void }) {
  const { data } = useModels();
  const draft = useStore(draftStore);
  const prompt = useRef<HTMLTextAreaElement>(null);
  const [unfolded, setUnfolded] = useState(false);
  const models = data?.models ?? [];
  const chosen = chosenModels(draft, models);
  const start = useStart(draft, data, (job) => {
    setUnfolded(false);
    onStarted(job);
  });
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
        {data && <Options catalog={data} draft={draft} chosen={chosen} />}
      </div>
      <GenerateBar start={start} chosen={chosen} limited={data?.limits.spend != null} />
    </form>
  );
}
