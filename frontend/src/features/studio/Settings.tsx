import type { Model, ModelsResponse } from '../../api/types';
import type { Action } from '../../lib/actions';
import { ActionButton } from '../../ui/Button';
import { type Draft, draftStore, editDraft, randomSeed } from './draft';
import { RangeSetting } from './RangeSetting';
import styles from './Settings.module.css';

type Taken = Exclude<keyof Model['capabilities'], 'aspectRatios' | 'edit'>;

const VARIANTS = [1, 2, 3, 4];

const RANGES = [
  { name: 'steps', label: 'Steps', step: 1 },
  { name: 'guidance', label: 'Guidance', step: 0.5 },
  { name: 'control', label: 'Control', step: 0.05 },
] as const;

interface SettingsProps {
  draft: Draft;
  chosen: Model[];
  ranges: ModelsResponse['parameters'];
}

/** The finer settings, each saying which of the chosen models take it. */
export default function Settings({ draft, chosen, ranges }: SettingsProps) {
  return (
    <>
      <ChoiceSetting
        label="Pictures of each model"
        options={VARIANTS.map(String)}
        value={String(draft.variants ?? 1)}
        note=""
        onChange={(value) => choose(draft, 'variants', value === '1' ? undefined : Number(value))}
      />
      <ChoiceSetting
        label="Quality"
        options={offered(chosen, 'qualities', draft.quality)}
        value={draft.quality ?? 'auto'}
        note={usedBy('qualities', chosen, draft.quality)}
        onChange={(value) => choose(draft, 'quality', value === 'auto' ? undefined : value)}
      />
      <ChoiceSetting
        label="Resolution"
        options={offered(chosen, 'resolutions', draft.resolution)}
        value={draft.resolution ?? '1K'}
        note={usedBy('resolutions', chosen, draft.resolution)}
        onChange={(value) => choose(draft, 'resolution', value === '1K' ? undefined : value)}
      />
      <SeedSetting draft={draft} note={usedBy('seed', chosen)} />
      <label className={styles.setting}>
        <span>Negative prompt</span>
        <textarea
          rows={2}
          dir="auto"
          value={draft.negativePrompt}
          placeholder="What should not be in the picture"
          onChange={(event) => editDraft({ negativePrompt: event.target.value })}
        />
        <small>{usedBy('negativePrompt', chosen)}</small>
      </label>
      {RANGES.map(({ name, label, step }) => {
        const range = ranges[name];
        return (
          range && (
            <RangeSetting
              key={name}
              label={label}
              range={{ ...range, step, default: range.default ?? range.min }}
              value={draft[name]}
              note={usedBy(name, chosen)}
              quiet={!isTaken(name, chosen)}
              onChange={(value) => choose(draft, name, value)}
            />
          )
        );
      })}
    </>
  );
}

type Optional = 'steps' | 'guidance' | 'control' | 'variants' | 'quality' | 'resolution';

/** Sets a setting, or leaves it as it is without a wish. */
function choose(draft: Draft, name: Optional, value?: number | string): void {
  const { [name]: _, ...others } = draft;
  draftStore.set({ ...others, ...(value === undefined ? {} : { [name]: value }) });
}

/** Whether a model takes a setting; of a choice, whether it knows the one that is wished. */
function takes({ capabilities }: Model, setting: Taken, wish?: string): boolean {
  const taken = capabilities[setting];
  if (!Array.isArray(taken)) return taken;
  return wish ? taken.some((choice) => choice === wish) : taken.length > 0;
}

/** Whether any of the chosen models takes a setting. */
const isTaken = (setting: Taken, chosen: Model[]) => chosen.some((model) => takes(model, setting));

const CHOICES = { qualities: ['auto', 'low', 'medium', 'high'], resolutions: ['1K', '2K', '4K'] };

/** The choices that a chosen model knows, and the one that is wished. */
const offered = (chosen: Model[], setting: keyof typeof CHOICES, wish?: string): string[] =>
  CHOICES[setting].filter(
    (choice, at) =>
      at === 0 || choice === wish || chosen.some((model) => takes(model, setting, choice)),
  );

/** Which models take a setting, by name while that is short. */
export function usedBy(setting: Taken, chosen: Model[], wish?: string): string {
  const takers = chosen.filter((model) => takes(model, setting, wish));
  if (takers.length === 0) return 'None of the chosen models takes it.';
  if (takers.length === chosen.length) return 'All chosen models take it.';
  if (takers.length > 3) return `${takers.length} of ${chosen.length} chosen models take it.`;
  return `Only ${takers.map(({ name }) => name).join(', ')}.`;
}

interface ChoiceSettingProps {
  label: string;
  /** The first is what is without a wish. */
  options: string[];
  value: string;
  note: string;
  onChange(value: string): void;
}

/** One of a few; where there is nothing to choose, it is named and cannot be set. */
function ChoiceSetting({ label, options, value, note, onChange }: ChoiceSettingProps) {
  if (options.length < 2) {
    return (
      <p className={styles.quiet}>
        {label}: <small>{note}</small>
      </p>
    );
  }
  return (
    <label className={styles.setting}>
      <span>{label}</span>
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
      {note && <small>{note}</small>}
    </label>
  );
}

function SeedSetting({ draft, note }: { draft: Draft; note: string }) {
  const locked = draft.seed !== null;
  const lock: Action = {
    id: 'lock-seed',
    label: locked ? 'Unlock the seed' : 'Lock the seed',
    group: 'Prompt',
    run: () => editDraft({ seed: locked ? null : randomSeed() }),
  };
  const shuffle: Action = {
    id: 'shuffle-seed',
    label: 'Shuffle the seed',
    group: 'Prompt',
    run: () => editDraft({ seed: randomSeed() }),
  };
  return (
    <div className={styles.setting}>
      <label htmlFor="seed">Seed</label>
      <div className={styles.seed}>
        <input
          id="seed"
          inputMode="numeric"
          placeholder="new in every run"
          value={draft.seed ?? ''}
          onChange={(event) => editDraft({ seed: parseSeed(event.target.value) })}
        />
        <ActionButton action={lock} icon={locked ? 'lock' : 'unlock'} bare />
        <ActionButton action={shuffle} icon="shuffle" bare />
      </div>
      <small>{note}</small>
    </div>
  );
}

/** Keeps what is a seed: digits, at most 4294967294. */
function parseSeed(text: string): number | null {
  const digits = text.replace(/\D/g, '').slice(0, 10);
  return digits === '' ? null : Math.min(Number(digits), 4294967294);
}
