import { useEffect } from 'react';
import { isHidden } from '../../api/named';
import type { Job } from '../../api/types';
import { BEGUN } from './begun';
import { draftStore } from './draft';
import { noteUsed } from './modelSets';

/** Once a run has begun its models are the last used, and the focus goes where its pictures come, unless one writes on meanwhile. */
export function useBeginning(job: Job): void {
  const { prompt, results } = job;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the beginning of a run is one moment.
  useEffect(() => {
    if (history.state !== BEGUN) return;
    history.replaceState(null, '');
    if (!isHidden(job)) noteUsed(results);
    if (draftStore.get().prompt.trim() !== prompt) return;
    document.querySelector<HTMLElement>('[data-card]')?.focus({ preventScroll: true });
  }, []);
}
