import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createQueryClient, useModels } from '../api/queries';
import { serverReachable } from '../api/reachability';
import type { SocketState } from './socketState';
import { useProbe } from './useProbe';

let client: QueryClient;
let server: { down: boolean; asked: number };

const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={client}>{children}</QueryClientProvider>
);

function watch(socket: SocketState = 'open') {
  const use = (state: SocketState) => {
    useProbe(state);
    return useModels().data;
  };
  return renderHook(use, { wrapper, initialProps: socket });
}

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

beforeEach(() => {
  vi.useFakeTimers();
  client = createQueryClient();
  server = { down: false, asked: 0 };
  serverReachable.set(true);
  vi.stubGlobal('fetch', () => {
    server.asked++;
    return server.down
      ? Promise.reject(new TypeError('Failed to fetch'))
      : Promise.resolve(Response.json({ models: [] }));
  });
});

afterEach(() => {
  client.clear();
  serverReachable.set(true);
  vi.useRealTimers();
});

it('a server that was gone is noticed within three seconds of its return, however long it was gone', async () => {
  server.down = true;
  const { result } = watch();
  await pass(10 * 60_000);
  expect(serverReachable.get()).toBe(false);
  server.down = false;
  await pass(3100);
  expect(serverReachable.get()).toBe(true);
  expect(result.current).toEqual({ models: [] });
});

it('a server that answers is not asked again', async () => {
  watch();
  await pass(60_000);
  expect(server.asked).toBe(1);
});

it('a socket that breaks, and a network that comes or goes, are reasons to ask', async () => {
  const { rerender } = watch();
  await pass(100);
  server.down = true;
  rerender('down');
  await pass(100);
  expect(serverReachable.get()).toBe(false);
  server.down = false;
  window.dispatchEvent(new Event('online'));
  await pass(100);
  expect(serverReachable.get()).toBe(true);
  server.down = true;
  window.dispatchEvent(new Event('offline'));
  await pass(100);
  expect(serverReachable.get()).toBe(false);
});

it('the browser may say that it is offline: a server on this machine is live all the same', async () => {
  watch();
  await pass(100);
  window.dispatchEvent(new Event('offline'));
  await pass(100);
  expect(serverReachable.get()).toBe(true);
});
