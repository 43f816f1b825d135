import { useSearchParams } from 'wouter';

export interface Picks {
  /** Slot indices in the order they were picked. */
  slots: number[];
  toggle(slot: number): void;
  clear(): void;
}

/** The pictures picked for comparison, kept in the address: `?pick=0,4`. */
export function usePicks(): Picks {
  const [search, setSearch] = useSearchParams();
  const slots = (search.get('pick') ?? '').split(',').filter(Boolean).map(Number);
  const write = (next: number[]) =>
    setSearch(
      (previous) => {
        const changed = new URLSearchParams(previous);
        if (next.length > 0) changed.set('pick', next.join(','));
        else changed.delete('pick');
        return changed;
      },
      { replace: true },
    );
  return {
    slots,
    toggle: (slot) =>
      write(slots.includes(slot) ? slots.filter((other) => other !== slot) : [...slots, slot]),
    clear: () => write([]),
  };
}
