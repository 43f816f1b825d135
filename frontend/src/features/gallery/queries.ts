import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { renewIn } from '../../api/addresses';
import { getGalleryDetail, getGalleryPage } from '../../api/client';
import { galleryKey } from '../../api/queries';
import type { GalleryEntry } from '../../api/types';
import { serverNow } from '../../lib/clock';

const PAGE_SIZE = 50;
const PREVIEWS_EVERY_MS = 3000;
const PREVIEWS_WITHIN_MS = 60_000;

/** True while a young run's preview is still to come. */
const awaitsPreview = ({ createdAt, images, preview }: GalleryEntry): boolean =>
  images > 0 && !preview.thumbUrl && serverNow() - Date.parse(createdAt) < PREVIEWS_WITHIN_MS;

/** The runs that are looked for, page by page, newest first; the last ones until they come. */
export const useGalleryPages = (wanted: Record<string, string>) =>
  useInfiniteQuery({
    queryKey: [...galleryKey, 'pages', wanted],
    queryFn: ({ pageParam, signal }) => getGalleryPage(wanted, pageParam, PAGE_SIZE, signal),
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.galleries.some(awaitsPreview) ? PREVIEWS_EVERY_MS : renewIn(state.data),
  });

/** One run with all its pictures; a retry may have changed it at any time, from anywhere. */
export const useGalleryDetail = (target: string) =>
  useQuery({
    queryKey: [...galleryKey, target],
    queryFn: ({ signal }) => getGalleryDetail(target, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => renewIn(state.data),
  });
