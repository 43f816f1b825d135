import type { Job, Model } from '../../api/types';
import { plural } from '../../lib/format';
import { createStored } from '../../lib/stored';
import { isUsable } from './draft';

/** Models by what they are, so that a set holds when slots are configured anew. */
type Key = string;

const keyOf = ({ provider, modelId }: Pick<Model, 'provider' | 'modelId'>): Key =>
  `${provider}/${modelId}`;

export interface ModelSet {
  name: string;
  slots: number[];
}

export const savedSets = createStored<Key[][]>('model-sets', []);
const lastUsed = createStored<Key[]>('last-models', []);
const speeds = createStored<Record<Key, number[]>>('model-seconds', {});

const KEPT_SETS = 12;
const KEPT_SECONDS = 9;

export const noteUsed = (models: Pick<Model, 'provider' | 'modelId'>[]): void =>
  lastUsed.set(models.map(keyOf));

/** Learns from a run that has ended how long each model takes. */
export function noteSeconds({ results }: Pick<Job, 'results'>): void {
  const known = { ...speeds.get() };
  for (const result of results) {
    if (result.status !== 'completed' || result.duration == null) continue;
    const key = keyOf(result);
    known[key] = [result.duration, ...(known[key] ?? [])].slice(0, KEPT_SECONDS);
  }
  speeds.set(known);
}

const median = (values: number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The seconds that a model usually takes, as this browser has seen; null when it has not. */
export function usualSeconds(model: Model): number | null {
  const seen = speeds.get()[keyOf(model)];
  return seen ? median(seen) : null;
}

/** The better half by a measure; those of which it is not known are left out. */
function half(models: Model[], measure: (model: Model) => number | null): number[] {
  const known = models.flatMap((model) => {
    const value = measure(model);
    return value === null ? [] : [{ slot: model.index, value }];
  });
  const best = known.toSorted((one, other) => one.value - other.value);
  return best.slice(0, Math.ceil(best.length / 2)).map(({ slot }) => slot);
}

/** The sets to choose from, of the models that are on; empty ones are no choice. */
export function modelSets(models: Model[], saved: Key[][]): ModelSet[] {
  const on = models.filter(isUsable);
  const of = (keys: Key[]) => on.filter((model) => keys.includes(keyOf(model)));
  const slots = (chosen: Model[]) => chosen.map(({ index }) => index);
  return [
    { name: 'Last used', slots: slots(of(lastUsed.get())) },
    { name: 'Cheaper half', slots: half(on, ({ price }) => price.amount) },
    { name: 'Faster half', slots: half(on, usualSeconds) },
    ...saved.map((keys) => ({ name: nameOf(of(keys)), slots: slots(of(keys)) })),
  ].filter((set) => set.slots.length > 0);
}

const nameOf = (models: Model[]): string =>
  models.length < 3
    ? models.map(({ name }) => name).join(', ')
    : `${models[0]?.name} and ${plural(models.length - 1, 'other')}`;

const same = (one: Key[], other: Key[]) =>
  one.length === other.length && one.every((key) => other.includes(key));

export const isSaved = (chosen: Model[], saved: Key[][]): boolean =>
  saved.some((keys) => same(keys, chosen.map(keyOf)));

/** Keeps a choice of models, or forgets it where it was kept. */
export function toggleSaved(chosen: Model[]): void {
  const keys = chosen.map(keyOf);
  const others = savedSets.get().filter((other) => !same(other, keys));
  const known = others.length < savedSets.get().length;
  savedSets.set(known ? others : [keys, ...others].slice(0, KEPT_SETS));
}
