import type { Model, ModelsResponse } from '../../api/types';
import type { Action } from '../../lib/actions';
import { ActionButton } from '../../ui/Button';
import { type Draft, draftStore, editDraft, randomSeed } from './draft';
import { RangeSetting } from './RangeSetting';
import styles from './Settings.module.css';

type Taken = Exclude<keyof Model['capabilities'], 'aspectRatios' | 'edit'>;

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
              onChange={(value) => changeRange(draft, name, value)}
            />
          )
        );
      })}
    </>
  );
}

function changeRange(draft: Draft, name: 'steps' | 'guidance' | 'control', value?: number): void {
  const { [name]: _, ...others } = draft;
  draftStore.set({ ...others, ...(value === undefined ? {} : { [name]: value }) });
}

/** Whether any of the chosen models takes a setting. */
const isTaken = (setting: Taken, chosen: Model[]) =>
  chosen.some(({ capabilities }) => capabilities[setting]);

/** Which models take a setting, by name while that is short. */
export function usedBy(setting: Taken, chosen: Model[]): string {
  const takers = chosen.filter(({ capabilities }) => capabilities[setting]);
  if (takers.length === 0) return 'None of the chosen models takes it.';
  if (takers.length === chosen.length) return 'All chosen models take it.';
  if (takers.length > 3) return `${takers.length} of ${chosen.length} chosen models take it.`;
  return `Only ${takers.map(({ name }) => name).join(', ')}.`;
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
