import { createStore } from '../lib/store';
import { createStored } from '../lib/stored';

export interface OpenRun {
  jobId: string;
  prompt: string;
}

const KEPT = 20;

/** Runs that this browser has started or seen, and not yet seen end; the latest first. */
export const openRunsStore = createStored<OpenRun[]>('open-runs', []);

/** The run that was last on this page's screen. */
export const lastRunStore = createStore<string | null>(null);

/** Keeps a run that is in progress findable, until it is seen to have ended. */
export function noteRun({ jobId, prompt }: OpenRun, open: boolean): void {
  if (!open) forgetRun(jobId);
  else if (!openRunsStore.get().some((run) => run.jobId === jobId))
    openRunsStore.set([{ jobId, prompt }, ...openRunsStore.get()].slice(0, KEPT));
}

export function forgetRun(jobId: string): void {
  const others = openRunsStore.get().filter((run) => run.jobId !== jobId);
  if (others.length < openRunsStore.get().length) openRunsStore.set(others);
}
