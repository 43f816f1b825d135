import { queryOptions, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { getGalleryDetail, getGalleryPage } from '../../api/client';

const PAGE_SIZE = 50;

/** The list of runs, page by page, newest first. */
export const useGalleryPages = () =>
  useInfiniteQuery({
    queryKey: ['gallery'],
    queryFn: ({ pageParam, signal }) => getGalleryPage(pageParam, PAGE_SIZE, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });

const detail = (target: string) =>
  queryOptions({
    queryKey: ['gallery', target],
    queryFn: ({ signal }) => getGalleryDetail(target, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** One run with all its pictures; a finished run never changes. */
export const useGalleryDetail = (target: string) => useQuery(detail(target));

/** The models that drew each of these runs, by target: read run by run, as the list does not say. */
export const useModelsOfRuns = (targets: string[]) =>
  useQueries({
    queries: targets.map(detail),
    combine: (results) => ({
      pending: results.some(({ isPending }) => isPending),
      models: new Map(
        results.flatMap(({ data }) =>
          data ? [[data.target, data.images.map(({ model }) => model)] as const] : [],
        ),
      ),
    }),
  });
