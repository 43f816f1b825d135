import { useSearchParams } from 'wouter';

interface Step {
  replace?: boolean;
  state?: unknown;
}

/** One named value of the address, and the way to change it that leaves the others as they are. */
export function useSearchParam(name: string) {
  const [search, setSearch] = useSearchParams();
  const set = (value: string | null, step: Step = { replace: true }) =>
    setSearch((now) => {
      const changed = new URLSearchParams(now);
      if (value) changed.set(name, value);
      else changed.delete(name);
      return changed;
    }, step);
  return [search.get(name), set] as const;
}
