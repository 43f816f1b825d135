import { useSearchParam } from '../../ui/useSearchParam';

export interface Picks {
  /** Slot indices in the order they were picked. */
  slots: number[];
  toggle(slot: number): void;
  clear(): void;
}

/** The pictures picked for comparison, kept in the address: `?pick=0,4`. */
export function usePicks(): Picks {
  const [pick, setPick] = useSearchParam('pick');
  const slots = (pick ?? '').split(',').filter(Boolean).map(Number);
  const without = (slot: number) => slots.filter((other) => other !== slot);
  return {
    slots,
    toggle: (slot) =>
      setPick((slots.includes(slot) ? without(slot) : [...slots, slot]).join(',') || null),
    clear: () => setPick(null),
  };
}
