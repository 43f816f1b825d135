import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createQueryClient } from '../../api/queries';
import { askedAction } from '../../lib/actions';
import Keys from './Keys';
import Runs from './Runs';

let sent: { method: string; path: string; body: unknown }[];
let answers: Record<string, () => Response>;

beforeEach(() => {
  sent = [];
  vi.stubGlobal(
    'fetch',
    vi.fn(async (path: string, { method = 'GET', body }: RequestInit = {}) => {
      sent.push({ method, path, body: body ? JSON.parse(String(body)) : undefined });
      const [plain = ''] = path.split('?');
      return answers[`${method} ${plain}`]?.() ?? new Response(null, { status: 404 });
    }),
  );
});

afterEach(() => askedAction.set(null));

const show = (Screen: ComponentType) =>
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Screen />
    </QueryClientProvider>,
  );

describe('the list of runs', () => {
  const run = {
    jobId: 'job-1',
    target: 't',
    status: 'completed',
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-21T10:00:00.000Z',
    prompt: 'A fox',
    totalModels: 9,
    completedModels: 8,
    failedModels: 1,
    simulated: true,
    preview: { thumbUrl: null, previewUrl: null, model: null },
  };

  it('asks before a run is gone for good', async () => {
    answers = {
      'GET /api/jobs': () => Response.json({ jobs: [run], next: null }),
      'DELETE /api/jobs/job-1': () => new Response(null, { status: 204 }),
    };
    show(Runs);
    expect(await screen.findByText(/8 of 9 pictures, 1 failed/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Delete A fox' }));
    expect(sent.every(({ method }) => method === 'GET')).toBe(true);
    expect(askedAction.get()?.ask).toContain('gone for good');
    askedAction.get()?.run();
    await waitFor(() => expect(sent.map(({ method }) => method)).toContain('DELETE'));
  });
});

describe('the list of keys', () => {
  const key = {
    keyId: 'k',
    name: 'A script',
    scopes: ['read'],
    createdAt: '2026-11-21T10:00:00.000Z',
    expiresAt: null,
    lastUsedAt: null,
  };

  it('shows a new key once, with the rights that were chosen', async () => {
    answers = {
      'GET /api/keys': () => Response.json({ keys: [key] }),
      'POST /api/keys': () => Response.json({ ...key, key: 'pp_secret' }, { status: 201 }),
    };
    show(Keys);
    await userEvent.type(screen.getByLabelText('Name'), 'A script');
    await userEvent.click(screen.getByLabelText('Start runs'));
    await userEvent.selectOptions(
      screen.getByLabelText('It works for'),
      'as long as it is not revoked',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Make it' }));
    expect(await screen.findByText('pp_secret')).toBeVisible();
    const made = sent.find(({ method }) => method === 'POST');
    expect(made?.body).toEqual({ name: 'A script', scopes: ['read'], expiresAt: null });
  });

  it('makes none that may do nothing', async () => {
    answers = { 'GET /api/keys': () => Response.json({ keys: [] }) };
    show(Keys);
    await userEvent.type(screen.getByLabelText('Name'), 'A script');
    await userEvent.click(screen.getByLabelText('Start runs'));
    await userEvent.click(screen.getByLabelText('Look at runs'));
    await userEvent.click(screen.getByRole('button', { name: 'Make it' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Choose what the key may do.');
  });
});
