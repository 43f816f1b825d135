import { expect, it } from 'vitest';
import { batch, row } from '../../../testing/samples';
import { isOpen } from './useRows';

const counts = { total: 3, done: 3, failed: 0, running: 0, waiting: 0, skipped: 0 };
const ended = batch({ state: 'completed', rows: counts });
const paused = batch({ state: 'paused', rows: { ...counts, done: 1, waiting: 2 } });

it('a row is asked for again while it moves, and when the batch has ended without it', () => {
  expect(isOpen(row({ state: 'running' }), batch())).toBe(true);
  expect(isOpen(row({ state: 'waiting' }), batch())).toBe(true);
  expect(isOpen(row({ state: 'done' }), batch())).toBe(false);
  expect(isOpen(row({ state: 'running' }), ended)).toBe(true);
  expect(isOpen(row({ state: 'waiting' }), paused)).toBe(false);
  expect(isOpen(row({ state: 'running' }), paused)).toBe(true);
});
