import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { plural } from '../lib/format';
import { ApiError, enhance, generate, getModels } from './client';
import type { GenerateRequest, Job, Model } from './types';

const LONGEST_WAIT_MS = 30_000;

const transient = (error: Error) => error instanceof ApiError && error.transient;

/** 2 s, 4 s, 8 s … up to 30 s, spread by a quarter so that many pages do not return together. */
export const backoff = (attempt: number) =>
  Math.min(LONGEST_WAIT_MS, 2000 * 2 ** attempt) * (0.75 + Math.random() / 4);

export const galleryKey = ['gallery'] as const;

export const jobKey = (jobId: string) => ['job', jobId] as const;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Whether a network is there says nothing of a server on this machine.
        networkMode: 'always',
        retry: (_, error) => transient(error),
        retryDelay: backoff,
        staleTime: 60_000,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

export const modelsKey = ['models'] as const;
const WARMTH_MS = 60_000;

/** The models; with a choice such as `?quality=high`, at its prices. */
export const useModels = (choice = '') =>
  useQuery({
    queryKey: choice ? [...modelsKey, choice] : modelsKey,
    queryFn: ({ signal }) => getModels(signal, choice),
    // Whether a model of the operator's own is awake changes by itself.
    refetchInterval: ({ state }) => state.data?.models.some((m) => m.deferred) && WARMTH_MS,
  });

/** The models at the prices of what is asked of them, unknown until the server has said them. */
export function usePrices(
  { quality = 'auto', resolution = '1K' }: Pick<GenerateRequest, 'quality' | 'resolution'>,
  models: Model[] = [],
): Model[] {
  const choice = `?quality=${quality}&resolution=${resolution}`;
  const { data } = useModels(choice === USUAL ? '' : choice);
  return (
    data?.models ??
    models.map((model) => ({ ...model, price: { ...model.price, amount: null, basis: 'unknown' } }))
  );
}

const USUAL = '?quality=auto&resolution=1K';

export interface GenerateCall {
  request: GenerateRequest;
  /** One per wish: asking again after a lost answer finds the job that was already started. */
  key: string;
}

/** Starts runs; `onSettled` hears of each outcome even when the caller has left the screen. */
export const useGenerate = (
  onSettled: (call: GenerateCall, job: Job | undefined, error: Error | null) => void,
) => {
  const store = useStoreJob();
  return useMutation({
    mutationFn: ({ request, key }: GenerateCall) => generate(request, key),
    retry: (count, error) => error instanceof ApiError && error.status === 0 && count < 2,
    retryDelay: 400,
    onSuccess: store,
    onSettled: (job, error, call) => onSettled(call, job, error),
  });
};

export const useEnhance = () => useMutation({ mutationFn: enhance });

/** A job that has begun or changed by our own doing is not as the gallery knows it. */
export function useStoreJob(): (job: Job) => void {
  const client = useQueryClient();
  return (job) => {
    client.setQueryData(jobKey(job.jobId), job);
    client.invalidateQueries({ queryKey: galleryKey });
  };
}

/** How long runs are kept, as in "30 days"; null until the server has said so. */
export function useRetention(): string | null {
  const days = useModels().data?.limits.retentionDays;
  return days === undefined ? null : plural(days, 'day');
}
