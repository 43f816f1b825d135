import { expect, it } from 'vitest';
import type { BatchState } from '../../../api/batches';
import { batch } from '../../../testing/samples';
import { offered } from './acts';

const rows = { total: 10, done: 3, failed: 0, running: 0, waiting: 7, skipped: 0 };
const doings = (state: BatchState, change = {}) =>
  offered(batch({ state, rows: { ...rows, ...change } })).map(({ doing }) => doing);

it('each state offers what the server would do, and the way on first', () => {
  expect(doings('planned')).toEqual(['start', 'delete']);
  expect(doings('queued')).toEqual(['pause', 'cancel']);
  expect(doings('running', { running: 2 })).toEqual(['pause', 'cancel']);
  expect(doings('pausing', { running: 2 })).toEqual(['resume', 'cancel']);
  expect(doings('paused')).toEqual(['resume', 'cancel', 'delete']);
  expect(doings('pilot_done')).toEqual(['resume', 'cancel', 'delete']);
  expect(doings('stopped', { failed: 3 })).toEqual(['resume', 'retry', 'cancel', 'delete']);
  expect(doings('out_of_budget')).toEqual(['raise', 'cancel', 'delete']);
  expect(doings('completed')).toEqual(['delete']);
  expect(doings('completed_with_failures', { failed: 1 })).toEqual(['retry', 'delete']);
  expect(doings('cancelling', { running: 1 })).toEqual([]);
  expect(doings('cancelled', { failed: 1 })).toEqual(['delete']);
});

it('what cannot be undone is asked first, with what still runs and is paid', () => {
  const [, cancel] = offered(batch({ rows: { ...rows, running: 2 } }));
  expect(cancel?.ask).toBe(
    'No more rows begin, ever. 2 rows under way still end, and are paid. What was made stays.',
  );
});
