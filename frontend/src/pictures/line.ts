import { useEffect, useRef } from 'react';
import { createStore } from '../lib/store';
import { useStore } from '../ui/useStore';

/** Originals at once: more would not come sooner, and would keep the light ones waiting. */
const HEAVY_AT_ONCE = 2;

const light = createStore(0);
const heavy = createStore<readonly object[]>([]);

/** Counts light pictures on their way: heavy ones give them the line. */
export function useLightOnTheWay(count: number): void {
  useEffect(() => {
    light.set(light.get() + count);
    return () => light.set(light.get() - count);
  }, [count]);
}

/** True when an original may be fetched, and from then on until it is no longer wanted. */
export function useHeavyTurn(wanted: boolean, queued: boolean): boolean {
  const me = useRef({}).current;
  const granted = useRef(false);
  const waits = wanted && queued;
  useEffect(() => {
    if (!waits) return;
    heavy.set([...heavy.get(), me]);
    return () => heavy.set(heavy.get().filter((other) => other !== me));
  }, [waits, me]);
  const place = useStore(heavy).indexOf(me);
  const free = useStore(light) === 0;
  const first = !queued || (place !== -1 && place < HEAVY_AT_ONCE);
  granted.current = wanted && (granted.current || (free && first));
  return granted.current;
}
