import { expect, it } from 'vitest';
import { matching } from './filter';

const entry = {
  target: 't',
  jobId: 'j',
  prompt: 'An old Fishing village, paper collage',
  createdAt: '2026-11-21T10:00:00.000Z',
  images: 2,
  models: ['FLUX.2 Pro', 'Recraft V4.1'],
  preview: { thumbUrl: null, previewUrl: null, model: null },
  starred: false,
};

it('a run matches when its prompt has all the words, in any order and case', () => {
  expect(matching('collage fishing', null)(entry)).toBe(true);
  expect(matching('  ', null)(entry)).toBe(true);
  expect(matching('collage fox', null)(entry)).toBe(false);
});

it('a run matches when the model drew a picture in it', () => {
  expect(matching('fishing', 'Recraft V4.1')(entry)).toBe(true);
  expect(matching('fox', 'Recraft V4.1')(entry)).toBe(false);
  expect(matching('', 'Recraft')(entry)).toBe(false);
});
