import { useEffect, useState } from 'react';
import { ApiError } from '../../api/client';
import { type GenerateCall, useGenerate } from '../../api/queries';
import { serverReachable } from '../../api/reachability';
import type { Job, ModelsResponse } from '../../api/types';
import type { Action } from '../../lib/actions';
import { isOpen } from '../../live/merge';
import { noteRun } from '../../live/openRuns';
import { useActions } from '../../ui/useActions';
import { useStore } from '../../ui/useStore';
import { chosenModels, type Draft, isVisible, promptLength, remember } from './draft';
import { callFor, isUnanswered, settleCall } from './unanswered';

export interface Start {
  action: Action;
  pending: boolean;
  problem: Error | null;
  /** Why no run can be started with this draft; null when one can. */
  obstacle: string | null;
  /** True when the answer to this very draft was lost: asking again finds its run or starts it. */
  unanswered: boolean;
  /** Seconds until the server admits another run; 0 when it does. */
  wait: number;
  /** When the run was asked for that the spending limit had no room for; else 0. */
  refusedAt: number;
}

/** The one way to start a run, with what stands in its way. */
export function useStart(
  draft: Draft,
  catalog: ModelsResponse | undefined,
  onStarted: (job: Job) => void,
): Start {
  const { mutate, isPending, error: refusal, submittedAt } = useGenerate(settle);
  const [asked, setAsked] = useState(draft);
  const reachable = useStore(serverReachable);
  const models = catalog?.models ?? [];
  // A dearer run than today's money is no reason to wait: a cheaper one may still be asked for.
  const tooDear = refusal instanceof ApiError && refusal.scope === 'spend';
  const error = tooDear ? null : refusal;
  const wait = useCountdown(error);
  const obstacle = obstacleTo(draft, catalog);
  const run = () => {
    remember(draft.prompt.trim());
    setAsked(draft);
    mutate(callFor(draft, models), { onSuccess: onStarted });
  };
  const action: Action = {
    id: 'generate',
    label: 'Generate',
    group: 'Prompt',
    keys: 'Mod+Enter',
    enabled: catalog !== undefined && obstacle === null && !isPending && wait === 0,
    run,
  };
  useActions([action]);
  return {
    action,
    pending: isPending,
    problem: isOver(error, wait, reachable, asked === draft) ? null : error,
    obstacle,
    unanswered: reachable && !isPending && isUnanswered(draft, models),
    wait,
    refusedAt: tooDear ? submittedAt : 0,
  };
}

/** Also when the screen was left before the answer: a run that has begun must be found again. */
function settle(call: GenerateCall, job: Job | undefined, error: Error | null): void {
  settleCall(call, error);
  if (job) noteRun(job, isOpen(job));
}

/** A sentence goes when it is no longer true: the wait is over, the server answers, the draft is another. */
function isOver(error: Error | null, wait: number, reachable: boolean, same: boolean): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.retryAfter !== undefined) return wait === 0;
  return error.status === 0 ? reachable : !same;
}

/** What the server draws in one run. */
const MOST_PICTURES = 20;

function obstacleTo(draft: Draft, catalog: ModelsResponse | undefined): string | null {
  if (!catalog) return null;
  if (catalog.models.length === 0) return 'No model is configured.';
  const chosen = chosenModels(draft, catalog.models).length;
  if (chosen === 0) return 'No model is chosen.';
  const pictures = chosen * (draft.variants ?? 1);
  if (pictures > MOST_PICTURES) return `${pictures} pictures are more than ${MOST_PICTURES}.`;
  if (!draft.prompt.trim()) return 'The prompt is empty.';
  if (!isVisible(draft.prompt)) return 'The prompt has only characters that cannot be seen.';
  const tooLong = promptLength(draft.prompt) > catalog.limits.promptMaxLength;
  return tooLong ? 'The prompt is too long.' : null;
}

/** Counts a rate limit's own waiting time down to zero. */
function useCountdown(error: Error | null): number {
  const retryAfter = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
  const [left, setLeft] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new refusal starts the count anew.
  useEffect(() => {
    const end = Date.now() + retryAfter * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [error, retryAfter]);
  return left;
}
