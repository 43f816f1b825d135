import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useModels } from '../api/queries';
import { useStore } from '../ui/useStore';
import { LiveSocket, noSocket } from './socket';
import { useProbe } from './useProbe';

const LiveContext = createContext<LiveSocket | null>(null);

/** The page's one connection; null until the server has said where to connect. */
export const useLiveSocket = () => useContext(LiveContext);

/** Keeps the page's one socket for as long as the page is open. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { data } = useModels();
  const url = data?.websocketUrl;
  const [socket, setSocket] = useState<LiveSocket | null>(null);
  useProbe(useStore(socket?.state ?? noSocket));

  useEffect(() => {
    if (!url) return;
    const live = new LiveSocket(() => new WebSocket(new URL(url, location.href)));
    const wake = () => document.visibilityState === 'visible' && live.check();
    window.addEventListener('online', wake);
    document.addEventListener('visibilitychange', wake);
    setSocket(live);
    return () => {
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      live.close();
      setSocket(null);
    };
  }, [url]);

  return <LiveContext value={socket}>{children}</LiveContext>;
}
