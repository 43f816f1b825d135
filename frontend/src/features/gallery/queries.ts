import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getGalleryDetail, getGalleryPage } from '../../api/client';
import { galleryKey } from '../../api/queries';

const PAGE_SIZE = 50;

/** The list of runs, page by page, newest first. */
export const useGalleryPages = () =>
  useInfiniteQuery({
    queryKey: galleryKey,
    queryFn: ({ pageParam, signal }) => getGalleryPage(pageParam, PAGE_SIZE, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });

/** One run with all its pictures; a retry may have changed it at any time, from anywhere. */
export const useGalleryDetail = (target: string) =>
  useQuery({
    queryKey: [...galleryKey, target],
    queryFn: ({ signal }) => getGalleryDetail(target, signal),
    staleTime: 0,
  });
