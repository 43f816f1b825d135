import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createQueryClient } from '../../api/queries';
import { SHOWN_MS, toast } from '../../ui/toast';
import { goneRuns } from './deleteLater';
import Gallery from './Gallery';

const run = (jobId: string, prompt: string) => ({
  jobId,
  target: jobId,
  prompt,
  createdAt: '2026-11-21T10:00:00.000Z',
  images: 0,
  models: [],
  preview: { thumbUrl: null, previewUrl: null, model: null },
  starred: false,
});

let deleted: string[];
let refusal: Response | null;
let mayDelete: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  deleted = [];
  refusal = null;
  mayDelete = true;
  vi.stubGlobal(
    'fetch',
    vi.fn(async (path: string, { method = 'GET' }: RequestInit = {}) => {
      if (method === 'DELETE') deleted.push(path);
      if (method === 'DELETE') return refusal ?? new Response(null, { status: 204 });
      if (path.startsWith('/api/models'))
        return Response.json({ models: [], limits: { delete: mayDelete, retentionDays: 30 } });
      const galleries = [run('one', 'A fox'), run('two', 'A hen'), run('three', 'An owl')];
      return Response.json({ galleries, next: null });
    }),
  );
});

afterEach(() => {
  vi.useRealTimers();
  goneRuns.set(new Set());
  toast.set(null);
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

async function show() {
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Gallery />
    </QueryClientProvider>,
  );
  await pass(1000);
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

async function deleteTwo() {
  await show();
  press('Select');
  fireEvent.click(screen.getByRole('checkbox', { name: /A fox/ }));
  fireEvent.click(screen.getByRole('checkbox', { name: /An owl/ }));
  press('Delete 2 runs');
}

it('runs that are deleted are out of sight at once, and gone when it cannot be undone', async () => {
  await deleteTwo();
  expect(screen.queryByText('A fox')).not.toBeInTheDocument();
  expect(screen.getByText('A hen')).toBeInTheDocument();
  expect(toast.get()?.text).toBe('2 runs deleted.');
  await pass(SHOWN_MS - 1);
  expect(deleted).toEqual([]);
  await pass(1);
  expect(deleted).toEqual(['/api/jobs/one', '/api/jobs/three']);
  expect(screen.queryByText('A fox')).not.toBeInTheDocument();
});

it('an undo brings them back, and nothing is deleted', async () => {
  await deleteTwo();
  act(() => toast.get()?.undo?.());
  expect(screen.getByText('A fox')).toBeInTheDocument();
  await pass(2 * SHOWN_MS);
  expect(deleted).toEqual([]);
});

it('a run that the server keeps is shown again, with its reason', async () => {
  refusal = Response.json({ error: 'Not now.', code: 'UNAVAILABLE' }, { status: 503 });
  await show();
  press('Select');
  press('All that are shown');
  fireEvent.click(screen.getByRole('checkbox', { name: /A hen/ }));
  fireEvent.click(screen.getByRole('checkbox', { name: /An owl/ }));
  press('Delete 1 run');
  await pass(SHOWN_MS);
  expect(screen.getByText('A fox')).toBeInTheDocument();
  expect(toast.get()?.text).toBe('Not now.');
});

it('where runs cannot be deleted none can be chosen', async () => {
  mayDelete = false;
  await show();
  expect(screen.getByText('A fox')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Select' })).not.toBeInTheDocument();
});
