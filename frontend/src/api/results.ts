import { useMutation } from '@tanstack/react-query';
import { postJob, send } from './client';
import { namedJob } from './named';
import { useStoreJob } from './queries';
import type { Job, VerdictRequest } from './types';

/** What can be done with the results of a run, by the names that the server gives them. */

const change = async (method: 'PUT' | 'DELETE', path: string, init?: RequestInit): Promise<Job> =>
  namedJob(await (await send(path, { method, ...init })).json());

const setStar = (jobId: string, resultId: string, starred: boolean) =>
  change(starred ? 'PUT' : 'DELETE', `/jobs/${jobId}/results/${resultId}/star`);

const setVerdict = (jobId: string, verdict: VerdictRequest | null) =>
  verdict
    ? change('PUT', `/jobs/${jobId}/verdict`, {
        body: JSON.stringify(verdict),
        headers: { 'Content-Type': 'application/json' },
      })
    : change('DELETE', `/jobs/${jobId}/verdict`);

/** Ends what is not done yet: of these results, or of all. */
export const useCancel = (jobId: string) =>
  useMutation({
    mutationFn: (results?: string[]) => postJob(`/jobs/${jobId}/cancel`, { results }),
    onSuccess: useStoreJob(),
  });

export const useRetry = (jobId: string) =>
  useMutation({
    mutationFn: (results: string[]) => postJob(`/jobs/${jobId}/retry`, { results }),
    onSuccess: useStoreJob(),
  });

export const useStar = (jobId: string) =>
  useMutation({
    mutationFn: ({ resultId, starred }: { resultId: string; starred: boolean }) =>
      setStar(jobId, resultId, starred),
    onSuccess: useStoreJob(),
  });

/** Says which picture is the best; null takes it back. */
export const useVerdict = (jobId: string) =>
  useMutation({
    mutationFn: (verdict: VerdictRequest | null) => setVerdict(jobId, verdict),
    onSuccess: useStoreJob(),
  });
