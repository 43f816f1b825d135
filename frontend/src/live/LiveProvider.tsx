import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { tokenStore } from '../api/access';
import { useModels } from '../api/queries';
import { useStore } from '../ui/useStore';
import type { LiveSocket } from './socket';
import { noSocket } from './socketState';
import { useProbe } from './useProbe';

const LiveContext = createContext<LiveSocket | null>(null);

/** The page's one connection; null until the server has said where to connect. */
export const useLiveSocket = () => useContext(LiveContext);

const loadSocket = () => import('./socket');

// Fetched beside the models that say where to connect, not after them.
loadSocket().catch(() => undefined);

/** A connection that is looked after when the page wakes, and closed when it is left. */
function connect(Socket: typeof LiveSocket, url: string, left: AbortSignal): LiveSocket {
  const live = new Socket(() => new WebSocket(new URL(url, location.href)), tokenStore);
  const wake = () => document.visibilityState === 'visible' && live.check();
  window.addEventListener('online', wake, { signal: left });
  document.addEventListener('visibilitychange', wake, { signal: left });
  left.addEventListener('abort', () => live.close());
  return live;
}

/** Keeps the page's one socket for as long as the page is open. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { data } = useModels();
  const url = data?.websocketUrl;
  const [socket, setSocket] = useState<LiveSocket | null>(null);
  useProbe(useStore(socket?.state ?? noSocket));

  useEffect(() => {
    if (!url) return;
    const left = new AbortController();
    loadSocket()
      .then((code) => left.signal.aborted || setSocket(connect(code.LiveSocket, url, left.signal)))
      .catch(() => undefined);
    return () => {
      left.abort();
      setSocket(null);
    };
  }, [url]);

  return <LiveContext value={socket}>{children}</LiveContext>;
}
