import { type FormEvent, Suspense, useRef } from 'react';
import { useModels, usePrices } from '../../api/queries';
import type { Job } from '../../api/types';
import { Button } from '../../ui/Button';
import { lazyLater } from '../../ui/lazyLater';
import { useActions } from '../../ui/useActions';
import { useStore } from '../../ui/useStore';
import styles from './Composer.module.css';
import { chosenModels, draftStore } from './draft';
import { optionsUnfolded } from './folds';
import { GenerateBar } from './GenerateBar';
import { PromptField } from './PromptField';
import { PromptTools } from './PromptTools';
import { useStart } from './useStart';

const loadOptions = () => import('./Options');
const Options = lazyLater(loadOptions);

// Fetched beside the models that it shows, not after them.
loadOptions().catch(() => undefined);

/** Everything that goes into a run, always at hand beside the pictures. */
export function Composer({ onStarted }: { onStarted(job: Job): void }) {
  const { data } = useModels();
  const draft = useStore(draftStore);
  const prompt = useRef<HTMLTextAreaElement>(null);
  const unfolded = useStore(optionsUnfolded);
  const models = usePrices(draft, data?.models);
  const chosen = chosenModels(draft, models);
  const start = useStart(draft, data, (job) => {
    optionsUnfolded.set(false);
    onStarted(job);
  });
  const focusPrompt = () => prompt.current?.focus();
  useActions([
    { id: 'focus-prompt', label: 'Write the prompt', group: 'Prompt', keys: '/', run: focusPrompt },
  ]);
  // Enter in a field is no wish to spend: a run starts by its button, or by its own keys.
  const stay = (event: FormEvent) => event.preventDefault();
  return (
    <form className={styles.composer} onSubmit={stay} aria-label="New run">
      <div className={styles.prompt}>
        <PromptField ref={prompt} maxLength={data?.limits.promptMaxLength ?? 1000} />
      </div>
      <div className={styles.tools}>
        <PromptTools draft={draft} canEnhance={data?.promptModel != null} />
        <Button
          className={styles.unfold}
          icon="chevron"
          aria-expanded={unfolded}
          onClick={() => optionsUnfolded.set(!unfolded)}
        >
          Options
        </Button>
      </div>
      <div className={styles.options} data-unfolded={unfolded || undefined}>
        <Suspense>
          {data && <Options catalog={data} models={models} draft={draft} chosen={chosen} />}
        </Suspense>
      </div>
      <GenerateBar
        start={start}
        draft={draft}
        chosen={chosen}
        limited={data?.limits.spend != null}
      />
    </form>
  );
}
