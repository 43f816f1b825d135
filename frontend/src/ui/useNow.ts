import { useSyncExternalStore } from 'react';
import { serverNow } from '../lib/clock';

const TICK_MS = 200;

const listeners = new Set<() => void>();
let now = serverNow();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = serverNow();
  for (const listener of listeners) listener();
}

/** One tick for all clocks on screen, so that they cost one update between them. */
function subscribe(listener: () => void): () => void {
  // After a while without a clock on screen, the time is not that of the last one.
  if (listeners.size === 0) now = serverNow();
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const standStill = () => () => undefined;

/** The server's time in milliseconds; it stands still while not `running`. */
export const useNow = (running: boolean): number =>
  useSyncExternalStore(running ? subscribe : standStill, () => now);
