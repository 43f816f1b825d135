import { serverReachable } from '../api/reachability';
import { useStore } from '../ui/useStore';
import { useLiveSocket } from './LiveProvider';
import { noSocket } from './socketState';

export type Connection = 'live' | 'connecting' | 'polling' | 'offline';

const NAMES = { open: 'live', connecting: 'connecting', down: 'polling' } as const;

/** How news reaches the page right now. */
export function useConnection(): Connection {
  const socket = useStore(useLiveSocket()?.state ?? noSocket);
  return useStore(serverReachable) ? NAMES[socket] : 'offline';
}
