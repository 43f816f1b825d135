import type { Model } from '../../api/types';
import { dollars, frameNumber } from '../../lib/format';
import { Button } from '../../ui/Button';
import { editDraft, isUsable } from './draft';
import styles from './ModelPicker.module.css';
import { sleepNote } from './sleeping';

interface ModelPickerProps {
  models: Model[];
  chosen: Model[];
}

/** Which models draw, with what each can take and costs. */
export function ModelPicker({ models, chosen }: ModelPickerProps) {
  const all = chosen.length === models.filter(isUsable).length;
  return (
    <fieldset className={styles.picker} aria-labelledby="models-label">
      <div className={styles.head}>
        <span id="models-label">Models</span>
        <span className={styles.count}>
          {chosen.length} of {models.length}
        </span>
        <Button onClick={() => editDraft({ models: all ? [] : null })}>
          {all ? 'None' : 'All'}
        </Button>
      </div>
      <div className={styles.list}>
        {models.map((model) => (
          <ModelOption
            key={model.index}
            model={model}
            checked={chosen.includes(model)}
            onToggle={() => toggle(model, models, chosen)}
          />
        ))}
      </div>
    </fieldset>
  );
}

function toggle(model: Model, models: Model[], chosen: Model[]): void {
  const on = models.filter(isUsable);
  const next = on.filter((other) => (other === model) !== chosen.includes(other));
  editDraft({ models: next.length === on.length ? null : next.map(({ index }) => index) });
}

interface ModelOptionProps {
  model: Model;
  checked: boolean;
  onToggle(): void;
}

function ModelOption({ model, checked, onToggle }: ModelOptionProps) {
  const { amount } = model.price;
  return (
    <label className={styles.option}>
      <input type="checkbox" checked={checked} disabled={!isUsable(model)} onChange={onToggle} />
      <span className={styles.number}>{frameNumber(model.index)}</span>
      <span className={styles.name}>{model.name}</span>
      <span className={styles.price}>{amount === null ? 'unknown' : `≈ ${dollars(amount)}`}</span>
      {model.reason && <span className={styles.reason}>{model.reason}</span>}
      <span className={styles.takes}>
        {sleepNote(model)}
        {model.replaces ? `instead of ${model.replaces} · ` : ''}
        {takes(model)}
      </span>
    </label>
  );
}

function takes({ capabilities, provider }: Model): string {
  const names = [
    capabilities.seed && 'seed',
    capabilities.negativePrompt && 'negative',
    capabilities.steps && 'steps',
    capabilities.guidance && 'guidance',
  ].filter(Boolean);
  return [provider, ...names].join(' · ');
}
