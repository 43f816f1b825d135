import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createQueryClient, jobKey } from '../api/queries';
import type { Job } from '../api/types';
import { job } from '../testing/samples';
import { Wire } from '../testing/wire';
import { LiveProvider } from './LiveProvider';
import { useRun } from './useRun';

/** The server's one job, and how often it was asked for. */
let server: { job: Job; asked: number; down: boolean };
let client: QueryClient;

function answer(input: RequestInfo | URL): Promise<Response> {
  if (String(input).endsWith('/models')) {
    return Promise.resolve(Response.json({ models: [], websocketUrl: 'ws://localhost/ws' }));
  }
  server.asked++;
  if (server.down) return Promise.reject(new TypeError('Failed to fetch'));
  return Promise.resolve(Response.json(server.job, { headers: { ETag: `"${server.job.seq}"` } }));
}

const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={client}>{children}</QueryClientProvider>
);

/** The page's connection, as the server sees it. */
let wire: Wire;

function connected({ children }: { children: ReactNode }) {
  return wrapper({ children: <LiveProvider>{children}</LiveProvider> });
}

function watch(surroundings = wrapper) {
  const use = () => {
    const { data, error } = useRun('job-1');
    return { data, error };
  };
  return renderHook(use, { wrapper: surroundings });
}

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', vi.fn(answer));
  client = createQueryClient();
  server = { job: job({ jobId: crypto.randomUUID() }), asked: 0, down: false };
});

afterEach(() => {
  client.clear();
  vi.useRealTimers();
});

describe('a run with a socket', () => {
  beforeEach(() => {
    const open = vi.fn(function open() {
      wire = new Wire();
      return wire;
    });
    vi.stubGlobal('WebSocket', Object.assign(open, { OPEN: WebSocket.OPEN }));
    server.job = { ...server.job, jobId: 'job-1' };
  });

  const connect = async () => {
    const hook = watch(connected);
    await pass(50);
    act(() => wire.accept());
    return hook;
  };

  it('is asked for after fifteen seconds without news, and then more and more rarely', async () => {
    await connect();
    const asked = server.asked;
    await pass(14_000);
    expect(server.asked).toBe(asked);
    await pass(2_000);
    expect(server.asked).toBe(asked + 1);
    act(() => wire.say({ type: 'pong' }));
    await pass(28_000);
    expect(server.asked).toBe(asked + 1);
    await pass(4_000);
    expect(server.asked).toBe(asked + 2);
  });

  it('takes what is pushed, and waits anew from then', async () => {
    const { result } = await connect();
    const asked = server.asked;
    await pass(10_000);
    act(() => wire.say({ type: 'job', job: { ...server.job, seq: 5 } }));
    await pass(14_000);
    expect(result.current.data?.seq).toBe(5);
    expect(server.asked).toBe(asked);
  });

  it('is polled when the server has no room for another subscriber', async () => {
    await connect();
    const asked = server.asked;
    act(() =>
      wire.say({ type: 'error', code: 'TOO_MANY_SUBSCRIBERS', error: 'full', jobId: 'job-1' }),
    );
    await pass(6_100);
    expect(server.asked).toBe(asked + 3);
  });

  it('is polled while the socket is down', async () => {
    await connect();
    const asked = server.asked;
    act(() => wire.drop());
    await pass(400);
    expect(server.asked).toBe(asked);
    await pass(2_000);
    expect(server.asked).toBe(asked + 1);
  });
});

describe('a run without a socket', () => {
  it('is asked for every two seconds while it is open, and not after', async () => {
    const { result } = watch();
    await pass(50);
    expect(server.asked).toBe(1);
    await pass(6000);
    expect(server.asked).toBe(4);
    server.job = { ...server.job, status: 'completed', seq: 9 };
    await pass(2100);
    expect(result.current.data?.status).toBe('completed');
    const asked = server.asked;
    await pass(60_000);
    expect(server.asked).toBe(asked);
  });

  it('backs off to half a minute while the server is gone, and never gives up', async () => {
    const { result } = watch();
    await pass(50);
    server.down = true;
    await pass(10 * 60_000);
    const asked = server.asked;
    expect(asked).toBeLessThan(40);
    await pass(60_000);
    expect(server.asked).toBeGreaterThan(asked);
    server.down = false;
    server.job = { ...server.job, status: 'completed', seq: 9 };
    await pass(30_000);
    expect(result.current.data?.status).toBe('completed');
  });
});

it('a late answer never takes a run back', async () => {
  const { result } = watch();
  await pass(50);
  act(() => {
    client.setQueryData(jobKey('job-1'), { ...server.job, jobId: server.job.jobId, seq: 7 });
  });
  server.job = { ...server.job, seq: 5 };
  await pass(4000);
  expect(result.current.data?.seq).toBe(7);
});

it('a run that does not exist is said to be missing, at once', async () => {
  vi.stubGlobal('fetch', () =>
    Promise.resolve(
      Response.json({ error: 'There is no such job.', code: 'NOT_FOUND' }, { status: 404 }),
    ),
  );
  const { result } = watch();
  await pass(50);
  expect(result.current.error?.message).toBe('There is no such job.');
});
