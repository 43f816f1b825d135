import { Suspense } from 'react';
import type { Model, ModelsResponse } from '../../api/types';
import { lazyLater } from '../../ui/lazyLater';
import { useStore } from '../../ui/useStore';
import { AspectPicker } from './AspectPicker';
import { type Draft, editDraft } from './draft';
import { settingsUnfolded } from './folds';
import { ModelPicker } from './ModelPicker';
import styles from './Options.module.css';

const Settings = lazyLater(() => import('./Settings'));

interface OptionsProps {
  catalog: ModelsResponse;
  /** Those of the catalog, with the prices of this draft. */
  models: Model[];
  draft: Draft;
  chosen: Model[];
}

/** What a run is made with besides its prompt. */
export default function Options({ catalog, models, draft, chosen }: OptionsProps) {
  const finer = useStore(settingsUnfolded);
  return (
    <>
      <AspectPicker
        ratios={catalog.aspectRatios}
        value={draft.aspectRatio}
        chosen={chosen}
        onChange={(aspectRatio) => editDraft({ aspectRatio })}
      />
      <details
        className={styles.finer}
        open={finer}
        onToggle={(event) => settingsUnfolded.set(event.currentTarget.open)}
      >
        <summary>Settings</summary>
        <Suspense>
          {finer && <Settings draft={draft} chosen={chosen} ranges={catalog.parameters} />}
        </Suspense>
      </details>
      <label className={styles.blind}>
        <input
          type="checkbox"
          checked={draft.blind ?? false}
          onChange={({ target }) => editDraft({ blind: target.checked })}
        />
        Blind
        <small>Everything is revealed after your verdict.</small>
      </label>
      <ModelPicker models={models} chosen={chosen} />
    </>
  );
}
