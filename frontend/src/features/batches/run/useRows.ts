import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { renewIn } from '../../../api/addresses';
import {
  type Batch,
  getRow,
  getRows,
  ROWS_PER_PAGE,
  type Row,
  type RowState,
  type RowsPage,
} from '../../../api/batches';
import { batchKey } from '../queries';
import { mayMove } from '../words';
import { failedAt, type Where } from './failedRows';

const EVERY_MS = 1500;
/** A longer list is as it was when it was opened. */
const MOST_PAGES_KEPT_FRESH = 5;

export interface Rows {
  count: number;
  /** The row at a place of the list; undefined until it is here. */
  at(index: number): Row | undefined;
  error: Error | null;
}

/** Whether a row may be other than it is known: it moves, or the batch has none like it any more. */
export function isOpen({ state }: Row, batch: Batch): boolean {
  if (state !== 'waiting' && state !== 'running') return false;
  return mayMove(batch) || batch.rows[state] === 0;
}

const keyOf = (batch: Batch, ...rest: unknown[]) => [...batchKey(batch.batchId), 'rows', ...rest];

/** How soon a page is asked for again: while rows of it may be other than known, and before its addresses end. */
const again = (batch: Batch, page: RowsPage | undefined): number | false =>
  page?.rows.some((row) => isOpen(row, batch)) ? EVERY_MS : renewIn(page);

export interface Wanted {
  state: RowState | null;
  /** Of failed rows, which. */
  where: Where;
}

/** Those rows of a batch that are in sight, of all or of one state. */
export function useRows(batch: Batch, wanted: Wanted, from: number, to: number): Rows {
  const { state } = wanted;
  const all = useAllRows(batch, from, to, state === null);
  const some = useSomeRows(batch, wanted, to);
  return state === null ? all : some;
}

/** Rows are numbered from 1 without gaps, so that any page can be asked for. */
function useAllRows(batch: Batch, from: number, to: number, enabled: boolean): Rows {
  const first = Math.floor(from / ROWS_PER_PAGE);
  const count = Math.max(0, Math.ceil(to / ROWS_PER_PAGE) - first);
  const pages = useQueries({
    queries: Array.from({ length: enabled ? count : 0 }, (_, n) => ({
      queryKey: keyOf(batch, null, first + n),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        getRows(batch.batchId, (first + n) * ROWS_PER_PAGE, null, signal),
      staleTime: EVERY_MS,
      refetchInterval: ({ state }: { state: { data: RowsPage | undefined } }) =>
        again(batch, state.data),
    })),
  });
  return {
    count: batch.rows.total,
    at: (index) =>
      pages[Math.floor(index / ROWS_PER_PAGE) - first]?.data?.rows[index % ROWS_PER_PAGE],
    error: pages.find(({ error }) => error)?.error ?? null,
  };
}

/** Rows of one state can be anywhere, so their pages are asked for one after the other. */
function useSomeRows(batch: Batch, { state: wanted, where }: Wanted, to: number): Rows {
  const pages = useInfiniteQuery({
    queryKey: keyOf(batch, wanted),
    enabled: wanted !== null,
    queryFn: ({ pageParam, signal }) => getRows(batch.batchId, pageParam, wanted, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => (next === null ? null : Number(next)),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => {
      const known = data?.pages.reduce((sum, { rows }) => sum + rows.length, 0) ?? 0;
      const [last] = data?.pages.slice(-1) ?? [];
      const differs = wanted !== null && last?.next === null && known !== batch.rows[wanted];
      const few = (data?.pages.length ?? 0) <= MOST_PAGES_KEPT_FRESH;
      return few && (mayMove(batch) || differs) && EVERY_MS;
    },
  });
  const all = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const rows = all.filter((row) => failedAt(row, where));
  const { hasNextPage, isFetching, fetchNextPage } = pages;
  const wants = to >= rows.length && hasNextPage && !isFetching;
  useEffect(() => {
    if (wants) fetchNextPage();
  }, [wants, fetchNextPage]);
  return { count: rows.length, at: (index) => rows[index], error: pages.error };
}

/** One row with its whole texts; asked for while it is open on the screen. */
export const useRow = (batch: Batch, number: number | null) =>
  useQuery({
    queryKey: keyOf(batch, 'row', number),
    enabled: number !== null,
    queryFn: ({ signal }) => getRow(batch.batchId, number ?? 0, signal),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data && isOpen(data, batch) ? EVERY_MS : renewIn(data),
  });
