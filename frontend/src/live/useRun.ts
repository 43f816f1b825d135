import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { renewIn } from '../api/addresses';
import { ApiError, getJob } from '../api/client';
import { backoff, galleryKey, jobKey } from '../api/queries';
import type { Job } from '../api/types';
import { serverNow } from '../lib/clock';
import { useLiveSocket } from './LiveProvider';
import { awaitsPreviews, isOpen, newer } from './merge';
import { noteRun } from './openRuns';
import { useConnection } from './useConnection';

const POLL_EVERY_MS = 2000;
const SILENCE_MS = 15_000;
const PREVIEWS_WITHIN_MS = 30_000;

/** The job as truly as it can be known: pushed while the socket is up, polled while it is not. */
export function useRun(jobId: string) {
  const refused = usePush(jobId);
  const pushed = useConnection() === 'live' && !refused;
  const query = useQuery({
    queryKey: jobKey(jobId),
    queryFn: ({ signal }) => getJob(jobId, signal),
    structuralSharing: (known, incoming) => newer(known as Job | undefined, incoming as Job),
    staleTime: ({ state }) => (mayChange(state.data) ? 0 : Number.POSITIVE_INFINITY),
    refetchInterval: ({ state }) =>
      !pushed && mayChange(state.data) ? POLL_EVERY_MS : renewIn(state.data),
    refetchIntervalInBackground: true,
    retry: (_, error) => !(error instanceof ApiError) || error.transient,
    retryDelay: backoff,
  });
  useSilenceCheck(query.data, pushed, query.refetch);
  useEnd(query.data);
  return query;
}

/** While it is open, and for a while after its end if previews are still to come. */
function mayChange(job: Job | undefined): boolean {
  if (!job?.completedAt) return isOpen(job);
  return awaitsPreviews(job) && serverNow() - Date.parse(job.completedAt) < PREVIEWS_WITHIN_MS;
}

/** Keeps the way to a run in progress; its end, also after a retry, makes what the gallery knows old. */
function useEnd(job: Job | undefined): void {
  const client = useQueryClient();
  const { jobId, prompt = '' } = job ?? {};
  const open = isOpen(job);
  const wasOpen = useRef(open);
  useEffect(() => {
    if (!jobId) return;
    noteRun({ jobId, prompt }, open);
    if (wasOpen.current && !open) client.invalidateQueries({ queryKey: galleryKey });
    wasOpen.current = open;
  }, [client, jobId, prompt, open]);
}

function usePush(jobId: string): boolean {
  const client = useQueryClient();
  const socket = useLiveSocket();
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    setRefused(false);
    return socket?.watch(jobId, {
      onJob: (job) => {
        setRefused(false);
        client.setQueryData<Job>(jobKey(jobId), (known) => newer(known, job));
      },
      onRefused: () => setRefused(true),
    });
  }, [client, jobId, socket]);
  return refused;
}

/** Asks after 15 s without news, then after 30, 60 …: a lost last message must not stay lost. */
function useSilenceCheck(job: Job | undefined, pushed: boolean, ask: () => unknown) {
  const socket = useLiveSocket();
  const waiting = pushed && mayChange(job);
  const seq = job?.seq;
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new seq starts the silence anew.
  useEffect(() => {
    if (!waiting) return;
    let silence = SILENCE_MS;
    const check = () => {
      ask();
      socket?.check();
      silence *= 2;
      timer = setTimeout(check, silence);
    };
    let timer = setTimeout(check, silence);
    return () => clearTimeout(timer);
  }, [waiting, seq, ask, socket]);
}
