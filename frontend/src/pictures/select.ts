import type { Result } from '../api/types';

export type Picture = Result & { imageUrl: string };

/** Narrows to results that have a picture to show. */
export const isPicture = (result: Result): result is Picture =>
  result.status === 'completed' && typeof result.imageUrl === 'string';
