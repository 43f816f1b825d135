import { useEffect, useState } from 'react';
import { serverNow } from '../../lib/clock';
import { seconds } from '../../lib/format';

const TICK_MS = 100;

interface ElapsedProps {
  since: string;
  until?: string | null | undefined;
}

/** A clock that runs while something is being drawn, by the server's time. */
export function Elapsed({ since, until }: ElapsedProps) {
  const [now, setNow] = useState(() => serverNow());
  useEffect(() => {
    if (until) return;
    const timer = setInterval(() => setNow(serverNow()), TICK_MS);
    return () => clearInterval(timer);
  }, [until]);
  const end = until ? Date.parse(until) : now;
  return <span>{seconds(Math.max(0, end - Date.parse(since)) / 1000)}</span>;
}
