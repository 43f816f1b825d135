import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Batch, getBatch } from '../../api/batches';
import { useLiveSocket } from '../../live/LiveProvider';
import { useConnection } from '../../live/useConnection';
import { showToast } from '../../ui/toast';
import { batchesKey } from './BatchList';
import { mayMove } from './words';

/** Pushed news may be lost: while there is a socket it is asked less often, never not at all. */
const PUSHED_EVERY_MS = 5000;
const POLL_EVERY_MS = 1500;

export const batchKey = (batchId: string) => ['batch', batchId] as const;

/** The newer of two answers about one batch: they may overtake each other. */
export const newer = (known: Batch | undefined, incoming: Batch): Batch =>
  known && known.seq > incoming.seq ? known : incoming;

/** A batch as truly as it can be known: pushed while the socket is up, asked for as well. */
export function useBatch(batchId: string) {
  const client = useQueryClient();
  const socket = useLiveSocket();
  const every = useConnection() === 'live' ? PUSHED_EVERY_MS : POLL_EVERY_MS;
  useEffect(
    () =>
      socket?.watchBatch(batchId, (batch) =>
        client.setQueryData<Batch>(batchKey(batchId), (known) => newer(known, batch)),
      ),
    [client, socket, batchId],
  );
  return useQuery({
    queryKey: batchKey(batchId),
    queryFn: ({ signal }) => getBatch(batchId, signal),
    structuralSharing: (known, incoming) => newer(known as Batch | undefined, incoming as Batch),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data ? mayMove(state.data) && every : false),
  });
}

/** Something that changes a batch: its answer is how the batch stands, its refusal is told. */
export function useBatchChange(batchId: string) {
  const client = useQueryClient();
  const { mutateAsync, isPending } = useMutation({
    mutationFn: (change: () => Promise<Batch>) => change(),
    onSuccess: (batch) => {
      client.setQueryData<Batch>(batchKey(batchId), (known) => newer(known, batch));
      client.invalidateQueries({ queryKey: [...batchKey(batchId), 'rows'] });
      client.invalidateQueries({ queryKey: batchesKey });
    },
    onError: (error) => showToast({ text: error.message }),
  });
  return { change: mutateAsync, busy: isPending };
}
