import { describe, expect, it } from 'vitest';
import { job, model, picture, result } from '../../testing/samples';
import { changes, fromJob, others } from './Again';
import { EMPTY_DRAFT, settingsOf } from './draft';

const ranges = {
  steps: { min: 1, max: 100, default: 28 },
  guidance: { min: 0, max: 20, default: 5 },
  control: { min: 0, max: 2, default: 1 },
};

const price = (amount: number | null) =>
  model({ price: { amount, basis: amount === null ? 'unknown' : 'estimated', asOf: '2026-11' } });
const took = (amount: number) => picture({ cost: { amount, basis: 'exact' } });

it('a run that may cost more than the one it repeats says so', () => {
  expect(changes({ results: [took(0.04)] }, [price(0.04)], [])).toEqual([]);
  expect(changes({ results: [took(0.04), took(0)] }, [price(0.04), price(0.2)], [])).toEqual([
    'It may cost more: ≈ $0.24; that run took $0.040.',
  ]);
  expect(changes({ results: [] }, [price(0.04)], [])).toEqual(['It may cost ≈ $0.040.']);
  expect(changes({ results: [took(0.04)] }, [price(null)], [])).toEqual([
    'Of 1 model the price is unknown.',
  ]);
});

it('models that are gone are named', () => {
  expect(changes({ results: [] }, [], ['Old One', 'Old Two'])).toEqual([
    'No longer configured: Old One, Old Two.',
  ]);
});

describe('a draft from a job', () => {
  const drawn = (index: number, name: string) =>
    result({ index, model: name, modelId: name, provider: 'openai' });
  const configured = (...names: string[]) =>
    names.map((name, at) => model({ index: at + 1, name, modelId: name }));
  const catalog = (...names: string[]) => ({ parameters: ranges, models: configured(...names) });

  it('asks for the same picture again', () => {
    const parameters = { ...job().parameters, steps: 40, seed: 9, negativePrompt: 'people' };
    const { draft } = fromJob(job({ parameters }), catalog('model-one'));
    expect(draft).toEqual({
      ...EMPTY_DRAFT,
      prompt: 'A fox in the snow',
      steps: 40,
      seed: 9,
      negativePrompt: 'people',
    });
    expect(settingsOf(draft)).toEqual(['seed 9', 'steps 40', 'without “people”']);
  });

  it('goes to the models of that job and to no other', () => {
    const results = [drawn(2, 'two'), drawn(3, 'three')];
    const again = fromJob(job({ results }), catalog('one', 'two', 'three', 'four'));
    expect(again).toMatchObject({ draft: { models: [2, 3] }, missing: [] });
  });

  it('follows a model to another slot, and names one that is gone', () => {
    const results = [drawn(1, 'one'), drawn(2, 'two')];
    const again = fromJob(job({ results }), catalog('two', 'three'));
    expect(again).toMatchObject({ draft: { models: [1] }, missing: ['one'] });
    expect(fromJob(job({ results }), catalog('four')).draft.models).toEqual([]);
    expect(fromJob(job({ results }), catalog()).draft.models).toEqual([]);
  });
});

it('the models that have not drawn a run are those that are on and had no part', () => {
  const models = [
    model({ index: 1, modelId: 'a' }),
    model({ index: 2, modelId: 'b' }),
    model({ index: 3, modelId: 'c', enabled: false }),
  ];
  expect(others({ results: [result({ index: 1, modelId: 'a' })] }, models)).toEqual([2]);
});
