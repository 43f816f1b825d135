import { beforeEach, describe, expect, it, vi } from 'vitest';
import { model } from '../../testing/samples';
import {
  chosenModels,
  EMPTY_DRAFT,
  historyStore,
  isVisible,
  promptLength,
  remember,
  toRequest,
} from './draft';

const models = [model({ index: 1 }), model({ index: 2 }), model({ index: 3 })];
const draft = { ...EMPTY_DRAFT, prompt: '  A fox  ' };

describe('the request for a draft', () => {
  it('holds the prompt, trimmed, and no setting that nobody touched', () => {
    expect(toRequest({ ...draft, seed: 7 }, models)).toEqual({
      prompt: 'A fox',
      aspectRatio: '1:1',
      seed: 7,
    });
  });

  it('holds a seed that every provider can take', () => {
    const largest = vi.spyOn(crypto, 'getRandomValues');
    largest.mockImplementation((into) => {
      (into as Uint32Array).fill(0xffffffff);
      return into;
    });
    expect(toRequest(draft, models).seed).toBe(2 ** 31 - 1);
    largest.mockRestore();
  });

  it('holds a fresh seed each time unless one is locked', () => {
    const seeds = Array.from({ length: 5 }, () => toRequest(draft, models).seed);
    expect(new Set(seeds).size).toBeGreaterThan(1);
    expect(toRequest({ ...draft, seed: 0 }, models).seed).toBe(0);
  });

  it('names the chosen models, of those that still exist', () => {
    expect(toRequest({ ...draft, models: [3, 1, 99] }, models).models).toEqual([1, 3]);
  });
});

it('a draft without a choice goes to all models, also to those added later', () => {
  expect(chosenModels(draft, [...models, model({ index: 4 })])).toHaveLength(4);
  expect(chosenModels({ ...draft, models: [] }, models)).toEqual([]);
});

it('a draft goes to no model that is off or not for this person', () => {
  const others = [model({ index: 4, enabled: false }), model({ index: 5, allowed: false })];
  expect(chosenModels(draft, [...models, ...others])).toEqual(models);
  expect(chosenModels(draft, [model({ allowed: true })])).toHaveLength(1);
});

it('a prompt is as long as the server finds it: characters, without blanks around them', () => {
  expect(promptLength('  A 🦊 ')).toBe(3);
});

describe('a prompt that nobody can see', () => {
  it.each([
    '\u200b',
    '\ufeff',
    '\u00ad',
    '\u3164',
    ' \u200d\u2060 ',
    '\u{e0041}',
    '\u2800',
    '\ufe0f',
  ])('is empty: %j', (text) => expect([isVisible(text), promptLength(text)]).toEqual([false, 0]));

  it('is none as soon as it has one visible character', () => {
    for (const text of ['\u200bx', '👩\u200d🚀', '❤\ufe0f', '…'])
      expect(isVisible(text)).toBe(true);
  });

  it('is not sent as a negative prompt', () => {
    expect(toRequest({ ...draft, negativePrompt: '\u200b' }, models)).not.toHaveProperty(
      'negativePrompt',
    );
  });
});

describe('the history', () => {
  beforeEach(() => historyStore.set([]));

  it('has each prompt once, the latest first', () => {
    for (const prompt of ['one', 'two', 'one']) remember(prompt);
    expect(historyStore.get()).toEqual(['one', 'two']);
  });

  it('ends at fifty', () => {
    for (let at = 0; at < 60; at++) remember(`prompt ${at}`);
    expect(historyStore.get()).toHaveLength(50);
    expect(historyStore.get()[0]).toBe('prompt 59');
  });
});
