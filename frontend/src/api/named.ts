import type { GalleryDetail, Job, Result, Wire } from './types';

/** Until its verdict a result of a blind run has a letter for its name, and its place for a number. */
function named(result: Wire['Result']): Result {
  const letter = result.resultId ?? '';
  const unknown = { model: letter, provider: '', modelId: '', simulated: false };
  return result.model
    ? (result as Result)
    : { ...result, ...unknown, index: letter.charCodeAt(0) - 64 };
}

export const namedJob = (job: Wire['Job']): Job => ({ ...job, results: job.results.map(named) });

export const namedDetail = (detail: Wire['GalleryDetail']): GalleryDetail => ({
  ...detail,
  images: detail.images.map(named),
});

/** Whether a run does not tell yet which picture is whose. */
export const isHidden = ({ blind, results }: Pick<Job, 'blind' | 'results'>): boolean =>
  blind === true && results.some(({ modelId }) => !modelId);
