import { useEffect } from 'react';
import type { Job } from '../../api/types';
import { BEGUN } from './begun';
import { draftStore } from './draft';
import { noteUsed } from './modelSets';

/** Once a run has begun its models are the last used, and the focus goes where its pictures come, unless one writes on meanwhile. */
export function useBeginning({ prompt, results }: Job): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the beginning of a run is one moment.
  useEffect(() => {
    if (history.state !== BEGUN) return;
    history.replaceState(null, '');
    noteUsed(results);
    if (draftStore.get().prompt.trim() !== prompt) return;
    document.querySelector<HTMLElement>('[data-card]')?.focus({ preventScroll: true });
  }, []);
}
