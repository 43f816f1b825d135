import { plural } from '../../lib/format';
import { createStore } from '../../lib/store';
import { SHOWN_MS, showToast } from '../../ui/toast';

/** Runs that are gone from sight: deleted, or about to be. */
export const goneRuns = createStore<ReadonlySet<string>>(new Set());

const hide = (ids: string[]) => goneRuns.set(new Set([...goneRuns.get(), ...ids]));

const show = (ids: string[]) =>
  goneRuns.set(new Set([...goneRuns.get()].filter((id) => !ids.includes(id))));

/**
 * Takes runs out of sight at once, and deletes them when nobody can undo it any more: a run that is
 * deleted cannot be had back. Closing the page before that keeps them.
 */
export function deleteLater(ids: string[], remove: (id: string) => Promise<void>): void {
  hide(ids);
  const timer = setTimeout(() => {
    for (const id of ids)
      remove(id).catch((error: Error) => {
        show([id]);
        showToast({ text: error.message });
      });
  }, SHOWN_MS);
  const undo = () => {
    clearTimeout(timer);
    show(ids);
  };
  showToast({ text: `${plural(ids.length, 'run')} deleted.`, undo });
}
