import { QueryClientProvider } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import type { PropsWithChildren } from 'react';
import { expect, it, vi } from 'vitest';
import { createQueryClient } from '../../api/queries';
import type { Job } from '../../api/types';
import { job, picture, result } from '../../testing/samples';
import { useGridActions } from './gridActions';

const RUN = job({
  jobId: 'j',
  status: 'partial',
  results: [picture({ resultId: '1' }), result({ index: 2, resultId: '2', status: 'error' })],
});
const TAGGED: Partial<Job> = { verdict: { winner: null, tags: ['portrait'] } };

/** What the actions of a picture have sent to the server. */
function actionsOf(shown: Job, index = 1) {
  const sent = vi.fn(async (_path: string, _init: RequestInit) => Response.json(shown));
  vi.stubGlobal('fetch', sent);
  const client = createQueryClient();
  const wrapper = ({ children }: PropsWithChildren) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const picks = { slots: [], toggle: vi.fn(), clear: vi.fn() };
  const { result: hook } = renderHook(() => useGridActions({ job: shown, picks, current: index }), {
    wrapper,
  });
  const shownResult = shown.results.find((each) => each.index === index);
  if (!shownResult) throw new Error('no such result');
  return { actions: hook.current(shownResult), sent };
}

const asked = ([path, init]: [string, RequestInit]) => [init.method, path, init.body ?? null];

it('a star is given, and taken away where there is one', async () => {
  const bare = actionsOf(RUN);
  bare.actions.star.run();
  await vi.waitFor(() => expect(bare.sent).toHaveBeenCalled());
  expect(bare.sent.mock.calls.map(asked)).toEqual([['PUT', '/api/jobs/j/results/1/star', null]]);
  const starred = actionsOf({ ...RUN, results: [picture({ resultId: '1', starred: true })] });
  starred.actions.star.run();
  await vi.waitFor(() => expect(starred.sent).toHaveBeenCalled());
  expect(starred.sent.mock.calls.map(asked)).toEqual([
    ['DELETE', '/api/jobs/j/results/1/star', null],
  ]);
});

it('the best picture is said with the tags that were there, and taken back', async () => {
  const open = actionsOf({ ...RUN, ...TAGGED });
  open.actions.best.run();
  await vi.waitFor(() => expect(open.sent).toHaveBeenCalled());
  expect(open.sent.mock.calls.map(asked)).toEqual([
    ['PUT', '/api/jobs/j/verdict', '{"winner":"1","tags":["portrait"]}'],
  ]);
  const judged = actionsOf({ ...RUN, verdict: { winner: '1', tags: [] } });
  judged.actions.best.run();
  await vi.waitFor(() => expect(judged.sent).toHaveBeenCalled());
  expect(judged.sent.mock.calls.map(asked)).toEqual([['DELETE', '/api/jobs/j/verdict', null]]);
});

it('only a picture is judged, and only when its run has ended', () => {
  const failed = actionsOf(RUN, 2).actions;
  expect([failed.star.enabled, failed.best.enabled]).toEqual([false, false]);
  const running = actionsOf({ ...RUN, status: 'in_progress' }).actions;
  expect([running.star.enabled, running.best.enabled]).toEqual([true, false]);
});
