import { beforeEach, expect, it } from 'vitest';
import { toast } from '../../ui/toast';
import { draftStore, EMPTY_DRAFT, editDraft, historyStore } from './draft';
import { browseTo, clearSettings, replaceDraft, replacePrompt, takeLastBack } from './replaceDraft';

const own = { ...EMPTY_DRAFT, prompt: 'My own words', seed: 7, models: [2] };

beforeEach(() => {
  historyStore.set([]);
  draftStore.set(own);
});

it('a prompt that is written over comes back by the toast, and is in the history', () => {
  replacePrompt('An example', 'Example taken.');
  expect(historyStore.get()).toEqual(['My own words']);
  toast.get()?.undo?.();
  expect(draftStore.get()).toEqual(own);
});

it('a whole draft comes back with its settings, by key as well', () => {
  replaceDraft({ ...EMPTY_DRAFT, prompt: 'Another', steps: 40 }, 'Filled in.');
  expect(takeLastBack()).toBe(true);
  expect(draftStore.get()).toEqual(own);
});

it('an undo leaves alone what was changed elsewhere since', () => {
  replacePrompt('An example', 'Example taken.');
  editDraft({ models: [3, 4] });
  takeLastBack();
  expect(draftStore.get()).toEqual({ ...own, models: [3, 4] });
});

it('an undo keeps what was typed since in the history', () => {
  replacePrompt('An example', 'Example taken.');
  editDraft({ prompt: 'An example, made mine' });
  expect(takeLastBack()).toBe(false);
  toast.get()?.undo?.();
  expect(draftStore.get().prompt).toBe('My own words');
  expect(historyStore.get()[0]).toBe('An example, made mine');
});

it('one replacement after another is undone one after another', () => {
  replacePrompt('First example', 'Example taken.');
  replacePrompt('Second example', 'Example taken.');
  expect(historyStore.get()).toEqual(['My own words']);
  takeLastBack();
  expect(draftStore.get().prompt).toBe('First example');
  takeLastBack();
  expect(draftStore.get()).toEqual(own);
});

it('walking through earlier prompts is one step back to what was written', () => {
  browseTo('Yesterday', false);
  browseTo('The day before', true);
  takeLastBack();
  expect(draftStore.get().prompt).toBe('My own words');
});

it('cleared settings come back, and the prompt and the models stay', () => {
  clearSettings();
  expect(draftStore.get()).toEqual({ ...own, seed: null });
  takeLastBack();
  expect(draftStore.get()).toEqual(own);
});
