import { useSearchParam } from '../ui/useSearchParam';

/** The mark of a history entry that exists only because a picture was opened on top of a screen. */
const OPENED = 'picture-opened';

export interface Viewed {
  /** The slot of the picture that is shown large, as the address names it. */
  slot: string | null;
  open(slot: number): void;
  turn(slot: number): void;
  close(): void;
}

/** Which picture is large (`?view=3`). Closing takes the entry away that opening made, as Back does. */
export function useViewed(): Viewed {
  const [slot, setSlot] = useSearchParam('view');
  return {
    slot,
    open: (slot) => setSlot(String(slot), { state: OPENED }),
    turn: (slot) => setSlot(String(slot), { replace: true, state: history.state }),
    close: () => {
      if (history.state === OPENED) history.back();
      else setSlot(null);
    },
  };
}
