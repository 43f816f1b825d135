import { useRef } from 'react';
import { unsigned } from '../api/addresses';

/** The address to show a picture by, and what to call once it is there: then it stays, though renewed. */
export function useSteady<T extends string | null | undefined>(url: T): [T, () => void] {
  const loaded = useRef<T>(null);
  const same = url && loaded.current && unsigned(loaded.current) === unsigned(url);
  const steady = same ? (loaded.current as T) : url;
  const settle = () => {
    loaded.current = steady;
  };
  return [steady, settle];
}
