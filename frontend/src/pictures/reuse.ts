import { navigate } from 'wouter/use-browser-location';
import type { Action } from '../lib/actions';
import type { Picture } from './select';

/** What of an earlier run the composer takes: `?from=jobId&take=seed&slot=3`. */
export type Take = 'all' | 'prompt' | 'seed' | 'others' | 'vary';

const action = (id: string, label: string, run: () => void, keys?: string): Action => ({
  id,
  label,
  group: 'Run',
  ...(keys ? { keys } : {}),
  run,
});

/** Fills the composer of the screen at `studio` from a run. */
const fill = (studio: string, jobId: string, take: Take, slot?: number) => () =>
  navigate(
    `${studio}?from=${jobId}${take === 'all' ? '' : `&take=${take}`}${slot ? `&slot=${slot}` : ''}`,
  );

/** The ways to go on from a run. */
export function reuseRun(jobId: string, studio: string) {
  const way = (take: Take, label: string, keys?: string) =>
    action(take === 'all' ? 'reuse' : `use-${take}`, label, fill(studio, jobId, take), keys);
  return {
    all: way('all', 'Use again', 'U'),
    prompt: way('prompt', 'Use the prompt'),
    vary: way('vary', 'Vary one setting'),
    others: way('others', 'Run with other models'),
  };
}

/** Draws with the seed that a picture really had. */
export const reuseSeed = (jobId: string, studio: string, picture: Picture | null): Action => ({
  ...action('use-seed', 'Use the seed', fill(studio, jobId, 'seed', picture?.index)),
  group: 'Picture',
  enabled: picture?.seed != null,
});
