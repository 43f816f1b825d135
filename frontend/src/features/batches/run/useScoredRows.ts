import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Batch, getRows, MOST_ROWS_PER_PAGE } from '../../../api/batches';
import { batchKey } from '../queries';

/** Rows that are read at one wish: twenty questions. */
const AT_ONCE = 1000;

/** The rows that were done when somebody looked, read page by page as far as is wanted. */
export function useScoredRows(batch: Batch) {
  const [done, setDone] = useState(batch.rows.done);
  const [wanted, setWanted] = useState(AT_ONCE);
  const pages = useInfiniteQuery({
    queryKey: [...batchKey(batch.batchId), 'scores', done],
    queryFn: ({ pageParam, signal }) =>
      getRows(batch.batchId, pageParam, 'done', signal, MOST_ROWS_PER_PAGE),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => (next === null ? null : Number(next)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  const goesOn = hasNextPage && !isFetching && !isError && rows.length < wanted;
  useEffect(() => {
    if (goesOn) fetchNextPage();
  }, [goesOn, fetchNextPage]);
  const mayGoOn = hasNextPage || batch.rows.done > done;
  return {
    rows,
    error: pages.error,
    reading: isFetching || goesOn,
    /** Reads further, or what has been done since; absent where there is nothing more. */
    readOn: mayGoOn
      ? () => {
          if (hasNextPage) setWanted(rows.length + AT_ONCE);
          else setDone(batch.rows.done);
        }
      : undefined,
  };
}
