import { useEffect, useState } from 'react';
import { ApiError } from '../../api/client';
import { useGenerate } from '../../api/queries';
import type { Job, ModelsResponse } from '../../api/types';
import type { Action } from '../../lib/actions';
import { useActions } from '../../ui/useActions';
import { chosenModels, type Draft, promptLength, remember, toRequest } from './draft';

export interface Start {
  action: Action;
  pending: boolean;
  problem: Error | null;
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
  const { mutate, isPending, error: refusal, submittedAt } = useGenerate();
  // A dearer run than today's money is no reason to wait: a cheaper one may still be asked for.
  const tooDear = refusal instanceof ApiError && refusal.scope === 'spend';
  const error = tooDear ? null : refusal;
  const wait = useCountdown(error);
  const run = () => {
    remember(draft.prompt.trim());
    const call = { request: toRequest(draft, catalog?.models ?? []), key: crypto.randomUUID() };
    mutate(call, { onSuccess: onStarted });
  };
  const action: Action = {
    id: 'generate',
    label: 'Generate',
    group: 'Prompt',
    keys: 'Mod+Enter',
    enabled: isReady(draft, catalog) && !isPending && wait === 0,
    run,
  };
  useActions([action]);
  const over = error instanceof ApiError && error.retryAfter !== undefined && wait === 0;
  const refusedAt = tooDear ? submittedAt : 0;
  return { action, pending: isPending, problem: over ? null : error, wait, refusedAt };
}

function isReady(draft: Draft, catalog: ModelsResponse | undefined): boolean {
  if (!catalog || chosenModels(draft, catalog.models).length === 0) return false;
  const length = promptLength(draft.prompt);
  return length > 0 && length <= catalog.limits.promptMaxLength;
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
