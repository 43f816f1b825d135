import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { getModels } from '../api/client';
import { modelsKey } from '../api/queries';
import { serverReachable } from '../api/reachability';
import { useStore } from '../ui/useStore';
import type { SocketState } from './socketState';

const PROBE_EVERY_MS = 3000;

/**
 * Learns whether the server answers: when the socket or the network comes or goes, and again and
 * again while it does not. The browser's own word counts for little: the server may be on this machine.
 */
export function useProbe(socket: SocketState): void {
  const client = useQueryClient();
  const reachable = useStore(serverReachable);
  const wasReachable = useRef(reachable);
  useEffect(() => {
    const probe = () => ask(client);
    const timer = reachable ? undefined : setInterval(probe, PROBE_EVERY_MS);
    const listening = new AbortController();
    for (const change of ['online', 'offline'])
      window.addEventListener(change, probe, { signal: listening.signal });
    return () => {
      clearInterval(timer);
      listening.abort();
    };
  }, [client, reachable]);
  useEffect(() => {
    const changed = socket === 'down' || (socket === 'open' && !serverReachable.get());
    if (changed) ask(client);
  }, [client, socket]);
  useEffect(() => {
    if (reachable && !wasReachable.current) askAllAgain(client);
    wasReachable.current = reachable;
  }, [client, reachable]);
}

function ask(client: QueryClient): Promise<unknown> {
  return getModels().then(
    (models) => client.setQueryData(modelsKey, models),
    () => undefined,
  );
}

/** What failed, or waits for its next attempt, need not wait any longer. */
async function askAllAgain(client: QueryClient): Promise<void> {
  const waiting = client
    .getQueryCache()
    .findAll({ predicate: ({ state }) => state.fetchFailureCount > 0 || state.error !== null });
  const these = { predicate: (query: (typeof waiting)[number]) => waiting.includes(query) };
  await client.cancelQueries(these);
  await client.refetchQueries({ ...these, type: 'active' });
}
