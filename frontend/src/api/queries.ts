import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, cancelJob, enhance, generate, getModels, retryModels } from './client';
import type { GenerateRequest, Job } from './types';

const LONGEST_WAIT_MS = 30_000;

const transient = (error: Error) => error instanceof ApiError && error.transient;

/** 2 s, 4 s, 8 s … up to 30 s, spread by a quarter so that many pages do not return together. */
export const backoff = (attempt: number) =>
  Math.min(LONGEST_WAIT_MS, 2000 * 2 ** attempt) * (0.75 + Math.random() / 4);

export const jobKey = (jobId: string) => ['job', jobId] as const;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: (_, error) => transient(error), retryDelay: backoff, staleTime: 60_000 },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

export const useModels = () =>
  useQuery({ queryKey: ['models'], queryFn: ({ signal }) => getModels(signal) });

export interface GenerateCall {
  request: GenerateRequest;
  /** One per click: a retry after a lost answer finds the job that was already started. */
  key: string;
}

export const useGenerate = () => {
  const store = useStoreJob();
  return useMutation({
    mutationFn: ({ request, key }: GenerateCall) => generate(request, key),
    retry: (count, error) => error instanceof ApiError && error.status === 0 && count < 2,
    retryDelay: 400,
    onSuccess: store,
  });
};

export const useCancel = (jobId: string) =>
  useMutation({
    mutationFn: (models?: number[]) => cancelJob(jobId, models),
    onSuccess: useStoreJob(),
  });

export const useRetry = (jobId: string) =>
  useMutation({
    mutationFn: (models: number[]) => retryModels(jobId, models),
    onSuccess: useStoreJob(),
  });

export const useEnhance = () => useMutation({ mutationFn: enhance });

function useStoreJob(): (job: Job) => void {
  const client = useQueryClient();
  return (job) => client.setQueryData(jobKey(job.jobId), job);
}
