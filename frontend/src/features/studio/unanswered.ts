import { ApiError } from '../../api/client';
import type { GenerateCall } from '../../api/queries';
import type { Model } from '../../api/types';
import { createStored } from '../../lib/stored';
import { type Draft, toRequest } from './draft';

interface Unanswered {
  /** What was asked for, as the composer held it. */
  wish: string;
  call: GenerateCall;
  at: number;
}

/** The server knows a key for a day; nobody means yesterday's click. */
const KEPT_MS = 60 * 60_000;

/** Calls whose outcome is not known: sent and not answered, by this page or before a reload. */
export const unansweredStore = createStored<Unanswered[]>('unanswered', []);

const wishOf = (draft: Draft, models: Model[]) =>
  JSON.stringify(toRequest({ ...draft, seed: draft.seed ?? -1 }, models));

const standing = () => unansweredStore.get().filter(({ at }) => Date.now() - at < KEPT_MS);

/** True while it is unknown whether a run of this very draft has begun. */
export const isUnanswered = (draft: Draft, models: Model[]): boolean => {
  const wish = wishOf(draft, models);
  return standing().some((other) => other.wish === wish);
};

/** The call for a draft: while an earlier one has no answer, that one again, never a second run. */
export function callFor(draft: Draft, models: Model[]): GenerateCall {
  const wish = wishOf(draft, models);
  const known = standing().find((other) => other.wish === wish);
  if (known) return known.call;
  const call = { request: toRequest(draft, models), key: crypto.randomUUID() };
  unansweredStore.set([...standing(), { wish, call, at: Date.now() }]);
  return call;
}

/** Notes that the server has spoken; an error of the way there leaves the outcome open. */
export function settleCall({ key }: GenerateCall, error: Error | null): void {
  const open = error instanceof ApiError ? error.status === 0 || error.status >= 500 : error;
  if (open) return;
  unansweredStore.set(standing().filter(({ call }) => call.key !== key));
}
