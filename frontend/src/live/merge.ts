import { livesLonger } from '../api/addresses';
import type { Job } from '../api/types';

/**
 * The newer of two snapshots of one job: messages may be repeated or overtake each other. Of two that
 * say the same it is the one whose addresses live longer.
 */
export function newer(known: Job | undefined, incoming: Job): Job {
  if (!known || known.jobId !== incoming.jobId || known.seq < incoming.seq) return incoming;
  return known.seq === incoming.seq && livesLonger(known, incoming) ? incoming : known;
}

/** True while a picture has no preview yet that may still come. */
export function awaitsPreviews(job: Job | undefined): boolean {
  return (job?.results ?? []).some(
    ({ imageUrl, previewUrl, thumbUrl, previewError }) =>
      imageUrl && !previewUrl && !thumbUrl && !previewError,
  );
}

/** True while any slot may still change on its own. */
export function isOpen(job: Job | undefined): boolean {
  return job?.status === 'pending' || job?.status === 'in_progress';
}
