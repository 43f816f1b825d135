import { useQueryClient } from '@tanstack/react-query';
import { deleteJob } from '../api/accounts/calls';
import { galleryKey, jobKey } from '../api/queries';
import { forgetRun, lastRunStore } from './openRuns';

/** Takes a run away for good, and what the page remembers of it. */
export function useDeleteRun(): (jobId: string) => Promise<void> {
  const client = useQueryClient();
  return async (jobId) => {
    await deleteJob(jobId);
    forgetRun(jobId);
    if (lastRunStore.get() === jobId) lastRunStore.set(null);
    client.removeQueries({ queryKey: jobKey(jobId) });
    client.invalidateQueries({ queryKey: galleryKey });
  };
}
