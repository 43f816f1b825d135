import type { Model } from '../../api/types';
import type { Action } from '../../lib/actions';
import { dollars, frameNumber, seconds } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Menu } from '../../ui/Menu';
import { useStore } from '../../ui/useStore';
import { editDraft, isUsable } from './draft';
import styles from './ModelPicker.module.css';
import { isSaved, modelSets, savedSets, toggleSaved, usualSeconds } from './modelSets';
import { sleepNote } from './sleeping';

interface ModelPickerProps {
  models: Model[];
  chosen: Model[];
}

/** Which models draw, with what each can take and costs. */
export function ModelPicker({ models, chosen }: ModelPickerProps) {
  const saved = useStore(savedSets);
  const all = chosen.length === models.filter(isUsable).length;
  return (
    <fieldset className={styles.picker} aria-labelledby="models-label">
      <div className={styles.head}>
        <span id="models-label">Models</span>
        <span className={styles.count}>
          {chosen.length} of {models.length}
        </span>
        <Menu label="Sets" icon="chevron" actions={setActions(models, chosen, saved)} bare />
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

/** One choice at a click, and the way to keep the present one. */
function setActions(models: Model[], chosen: Model[], saved: string[][]): Action[] {
  const sets = modelSets(models, saved).map(
    ({ name, slots }, at): Action => ({
      id: `set-${at}`,
      label: name,
      group: 'Prompt',
      run: () => editDraft({ models: slots }),
    }),
  );
  const keep: Action = {
    id: 'save-set',
    label: isSaved(chosen, saved) ? 'Forget this choice' : 'Save this choice',
    group: 'Prompt',
    enabled: chosen.length > 0,
    run: () => toggleSaved(chosen),
  };
  return [...sets, keep];
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
  const usual = usualSeconds(model);
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
        {usual !== null && ` · ≈ ${seconds(usual)}`}
      </span>
    </label>
  );
}

function takes({ capabilities, provider }: Model): string {
  const names = [
    capabilities.seed && 'seed',
    capabilities.negativePrompt && 'negative prompt',
    capabilities.steps && 'steps',
    capabilities.guidance && 'guidance',
  ].filter(Boolean);
  return [provider, ...names].join(' · ');
}
