import { useCancel, useRetry } from '../../api/queries';
import type { Job, Result } from '../../api/types';
import type { Action } from '../../lib/actions';
import { saveUrl } from '../../lib/download';
import { fileName } from '../../pictures/names';
import { isPicture } from '../../pictures/select';
import { showToast } from '../../ui/toast';
import { useActions } from '../../ui/useActions';
import type { Picks } from './usePicks';

export interface CardActions {
  pick: Action;
  download: Action;
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
  const retry = useRetry(job.jobId);
  const actions = (result: Result) =>
    cardActions(result, picks, (slots) => retry.mutate(slots, failed));
  const result = job.results.find(({ index }) => index === current);
  useActions([...(result ? Object.values(actions(result)) : []), ...moves(current)]);
  return actions;
}

const failed = { onError: (error: Error) => showToast({ text: error.message }) };

function cardActions(result: Result, picks: Picks, retry: (slots: number[]) => void): CardActions {
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
    download: {
      id: 'download',
      label: 'Download',
      group: 'Picture',
      keys: 'D',
      enabled: picture !== null,
      run: () => {
        if (picture) saveUrl(picture.imageUrl, fileName(picture)).catch(failed.onError);
      },
    },
    retry: {
      id: 'retry',
      label: 'Retry',
      group: 'Picture',
      keys: 'R',
      enabled:
        result.status === 'cancelled' || (result.status === 'error' && result.retryable !== false),
      run: () => retry([result.index]),
    },
  };
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 } as const;

/** Arrows walk from card to card, and only from within the grid: elsewhere they scroll. */
function moves(current: number): Action[] {
  return Object.entries(STEPS).map(([keys, step]) => ({
    id: `move-${keys}`,
    label: step < 0 ? 'Previous card' : 'Next card',
    group: 'Picture',
    keys,
    within: '[data-card]',
    run: () => moveFocus(current, keys as keyof typeof STEPS),
  }));
}

function moveFocus(current: number, key: keyof typeof STEPS): void {
  const cards = [...document.querySelectorAll<HTMLElement>('[data-card]')];
  const from = cards.findIndex((card) => card.dataset.card === String(current));
  const perRow = cards.filter((card) => card.offsetTop === cards[0]?.offsetTop).length;
  const distance = key === 'ArrowUp' || key === 'ArrowDown' ? perRow : 1;
  cards[from + STEPS[key] * distance]?.querySelector<HTMLElement>('[data-focus]')?.focus();
}

/** What can be done with the run as a whole. */
export function useRunActions(job: Job) {
  const cancel = useCancel(job.jobId);
  const retry = useRetry(job.jobId);
  const failedSlots = job.results
    .filter(
      ({ status, retryable }) =>
        status === 'cancelled' || (status === 'error' && retryable !== false),
    )
    .map(({ index }) => index);
  return {
    cancel: () => cancel.mutate(undefined, failed),
    cancelling: cancel.isPending,
    retryFailed: () => retry.mutate(failedSlots, failed),
    failedSlots,
  };
}
