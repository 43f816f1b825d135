import { expect, it } from 'vitest';
import { matching } from './filter';

const entry = {
  target: 't',
  jobId: 'j',
  prompt: 'An old Fishing village, paper collage',
  createdAt: '2026-11-21T10:00:00.000Z',
  images: 9,
  preview: { thumbUrl: null, model: null },
};

it('a run matches when its prompt has all the words, in any order and case', () => {
  expect(matching('collage fishing')(entry)).toBe(true);
  expect(matching('  ')(entry)).toBe(true);
  expect(matching('collage fox')(entry)).toBe(false);
});
