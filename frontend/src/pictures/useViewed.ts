import { useSearchParams } from 'wouter';

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
  const [search, setSearch] = useSearchParams();
  const view = (slot: number | null) => (previous: URLSearchParams) => {
    const changed = new URLSearchParams(previous);
    if (slot === null) changed.delete('view');
    else changed.set('view', String(slot));
    return changed;
  };
  return {
    slot: search.get('view'),
    open: (slot) => setSearch(view(slot), { state: OPENED }),
    turn: (slot) => setSearch(view(slot), { replace: true, state: history.state }),
    close: () => {
      if (history.state === OPENED) history.back();
      else setSearch(view(null), { replace: true });
    },
  };
}
