import { nameOf } from '../../api/named';
import { useCancel, useRetry, useStar, useVerdict } from '../../api/results';
import type { Job, Result, VerdictRequest } from '../../api/types';
import type { Action } from '../../lib/actions';
import { isOpen } from '../../live/merge';
import { type FileActions, fileActions } from '../../pictures/fileActions';
import { reuseSeed } from '../../pictures/reuse';
import { isPicture } from '../../pictures/select';
import { showToast } from '../../ui/toast';
import { useActions } from '../../ui/useActions';
import { canRetry } from './faults';
import type { Picks } from './usePicks';

export interface CardActions extends FileActions {
  seed: Action;
  pick: Action;
  star: Action;
  best: Action;
  cancel: Action;
  retry: Action;
}

interface GridActionsInput {
  job: Job;
  picks: Picks;
  /** The slot whose card last had the focus: keys mean this one. */
  current: number;
}

/** What can be done with a card; for the current one, by key as well. */
export function useGridActions({ job, picks, current }: GridActionsInput) {
  const cancel = useCancel(job.jobId);
  const retry = useRetry(job.jobId);
  const star = useStar(job.jobId);
  const verdict = useVerdict(job.jobId);
  const actions = (result: Result): CardActions => ({
    ...pictureActions(job, result, picks),
    star: starAction(result, (wanted) => star.mutate(wanted, failed)),
    best: bestAction(job, result, (wanted) => verdict.mutate(wanted, failed)),
    cancel: cancelAction(result, () => cancel.mutate([nameOf(result)], failed)),
    retry: retryAction(result, () => retry.mutate([nameOf(result)], failed)),
  });
  const result = job.results.find(({ index }) => index === current);
  useActions([...(result ? Object.values(actions(result)) : []), ...moves(current)]);
  return actions;
}

const failed = { onError: (error: Error) => showToast({ text: error.message }) };

function pictureActions(job: Job, result: Result, picks: Picks) {
  const picture = isPicture(result) ? result : null;
  const picked = picks.slots.includes(result.index);
  return {
    pick: {
      id: 'pick',
      label: picked ? 'Leave out of the comparison' : 'Pick for comparison',
      group: 'Picture',
      keys: 'S',
      enabled: picture !== null,
      run: () => picks.toggle(result.index),
    },
    ...fileActions(job, picture),
    seed: reuseSeed(job.jobId, `/run/${job.jobId}`, picture),
  } satisfies Record<string, Action>;
}

/** Whether the run's verdict calls this picture the best. */
export const isBest = ({ verdict }: Job, result: Result) => verdict?.winner === nameOf(result);

const starAction = (
  result: Result,
  run: (wanted: { resultId: string; starred: boolean }) => void,
): Action => ({
  id: 'star',
  label: result.starred ? 'Take the star away' : 'Give it a star',
  group: 'Picture',
  keys: 'F',
  enabled: isPicture(result),
  run: () => run({ resultId: nameOf(result), starred: !result.starred }),
});

/** The best picture keeps what else was said of the run, but for a ranking that it did not lead. */
const bestAction = (
  job: Job,
  result: Result,
  run: (wanted: VerdictRequest | null) => void,
): Action => ({
  id: 'best',
  label: isBest(job, result) ? 'Not the best any more' : 'The best of this run',
  group: 'Picture',
  keys: 'V',
  enabled: isPicture(result) && !isOpen(job),
  run: () =>
    run(isBest(job, result) ? null : { winner: nameOf(result), tags: job.verdict?.tags ?? [] }),
});

const cancelAction = ({ model, status, provider }: Result, run: () => void): Action => ({
  id: 'cancel',
  label: 'Cancel this model',
  group: 'Picture',
  keys: 'X',
  within: '[data-card]',
  ask: `${model} stops drawing. What was begun may be billed all the same.`,
  enabled: provider !== '' && (status === 'pending' || status === 'in_progress'),
  run,
});

const retryAction = (result: Result, run: () => void): Action => ({
  id: 'retry',
  label: 'Retry',
  group: 'Picture',
  keys: 'R',
  ask: `${result.model} draws once more, for its price.`,
  enabled: canRetry(result),
  run,
});

/** By how many cards an arrow goes, or by how many rows. */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 } as const;

const MOVES = [
  ['ArrowLeft', 'Previous card'],
  ['ArrowRight', 'Next card'],
  ['ArrowUp', 'Card above'],
  ['ArrowDown', 'Card below'],
] as const;

/** Arrows walk from card to card, and only from within the grid: elsewhere they scroll. */
function moves(current: number): Action[] {
  return MOVES.map(([keys, label]) => ({
    id: `move-${keys}`,
    label,
    group: 'Picture',
    keys,
    within: '[data-card]',
    run: () => moveFocus(current, keys),
  }));
}

function moveFocus(current: number, key: keyof typeof STEPS): void {
  const cards = [...document.querySelectorAll<HTMLElement>('[data-card]')];
  const from = cards.findIndex((card) => card.dataset.card === String(current));
  const perRow = cards.filter((card) => card.offsetTop === cards[0]?.offsetTop).length;
  const distance = key === 'ArrowUp' || key === 'ArrowDown' ? perRow : 1;
  const card = cards[from + STEPS[key] * distance];
  (card?.querySelector<HTMLElement>('[data-focus]') ?? card)?.focus();
}

/** What can be done with the run as a whole. */
export function useRunActions(job: Job) {
  const cancel = useCancel(job.jobId);
  const retry = useRetry(job.jobId);
  const missing = job.results.filter(canRetry);
  const all = missing.every(({ status }) => status === 'error');
  return {
    cancel: {
      id: 'cancel-rest',
      label: 'Cancel the rest',
      group: 'Run',
      keys: 'Q',
      ask: 'All models that are not done stop drawing. What was begun may be billed all the same.',
      enabled: isOpen(job) && !cancel.isPending,
      run: () => cancel.mutate(undefined, failed),
    },
    retry: {
      id: 'retry-failed',
      label: `Retry ${missing.length} ${all ? 'failed' : 'missing'}`,
      group: 'Run',
      enabled: missing.length > 0,
      run: () => retry.mutate(missing.map(nameOf), failed),
    },
  } satisfies Record<string, Action>;
}
