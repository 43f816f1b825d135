import { expect, it } from 'vitest';
import { model, picture } from '../../testing/samples';
import { isSaved, modelSets, noteSeconds, noteUsed, savedSets, toggleSaved } from './modelSets';

const priced = (index: number, amount: number | null, enabled = true) =>
  model({
    index,
    name: `Model ${index}`,
    modelId: `m${index}`,
    enabled,
    price: { amount, basis: amount === null ? 'unknown' : 'estimated', asOf: '2026-11' },
  });

const MODELS = [priced(1, 0.04), priced(2, 0.01), priced(3, null), priced(4, 0.02, false)];

const slots = (name: string) =>
  modelSets(MODELS, savedSets.get()).find((set) => set.name === name)?.slots;

it('the cheaper half leaves out what is off and what has no known price', () => {
  expect(slots('Cheaper half')).toEqual([2]);
});

it('the faster half is known once models have drawn', () => {
  const drew = (index: number, duration: number) =>
    picture({ index, modelId: `m${index}`, duration });
  noteSeconds({ results: [drew(1, 2), drew(2, 9), drew(3, 5)] });
  expect(slots('Faster half')).toEqual([1, 3]);
  noteSeconds({ results: [] });
});

it('the models of the last run are a set', () => {
  noteUsed([priced(3, null)]);
  expect(slots('Last used')).toEqual([3]);
  noteUsed([]);
  expect(slots('Last used')).toBeUndefined();
});

it('a choice is saved and forgotten, and holds in other slots', () => {
  const chosen = [priced(1, 0.04), priced(2, 0.01)];
  toggleSaved(chosen);
  expect(isSaved(chosen, savedSets.get())).toBe(true);
  expect(slots('Model 1, Model 2')).toEqual([1, 2]);
  const moved = [{ ...priced(1, 0.04), index: 7 }, priced(2, 0.01)];
  expect(modelSets(moved, savedSets.get()).at(-1)?.slots).toEqual([7, 2]);
  toggleSaved(chosen);
  expect(savedSets.get()).toEqual([]);
});
