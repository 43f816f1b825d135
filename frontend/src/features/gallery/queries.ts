import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
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

/** One run with all its pictures; a finished run never changes. */
export const useGalleryDetail = (target: string) =>
  useQuery({
    queryKey: ['gallery', target],
    queryFn: ({ signal }) => getGalleryDetail(target, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
