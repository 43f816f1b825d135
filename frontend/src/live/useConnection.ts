import { useSyncExternalStore } from 'react';
import { serverReachable } from '../api/reachability';
import { createStore } from '../lib/store';
import { useLiveSocket } from './LiveProvider';
import type { SocketState } from './socket';

export type Connection = 'live' | 'connecting' | 'polling' | 'offline';

const noSocket = createStore<SocketState>('connecting');

function subscribeOnline(listener: () => void) {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** How news reaches the page right now. */
export function useConnection(): Connection {
  const state = useLiveSocket()?.state ?? noSocket;
  const socket = useSyncExternalStore(state.subscribe, state.get);
  const reachable = useSyncExternalStore(serverReachable.subscribe, serverReachable.get);
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  if (!online || !reachable) return 'offline';
  return { open: 'live', connecting: 'connecting', down: 'polling' }[socket] as Connection;
}
