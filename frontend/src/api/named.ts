import type { GalleryDetail, Job, Result, Wire } from './types';

/** So far apart are a model's variants in the page's numbers: 103 is the second of slot 3. */
export const VARIANTS_APART = 100;

/**
 * Among variants each result has a number and a name of its own. Until its verdict one of a blind
 * run has a letter for its name, and its place for a number.
 */
function named(result: Wire['Result']): Result {
  const { index, variant, model } = result;
  if (!model) {
    const letter = result.resultId ?? '';
    const unknown = { model: letter, provider: '', modelId: '', simulated: false };
    return { ...result, ...unknown, index: letter.charCodeAt(0) - 64 };
  }
  if (!variant) return result as Result;
  return {
    ...(result as Result),
    index: (index ?? 0) + VARIANTS_APART * (variant - 1),
    model: `${model} · ${variant}`,
  };
}

export const namedJob = (job: Wire['Job']): Job => ({ ...job, results: job.results.map(named) });

export const namedDetail = (detail: Wire['GalleryDetail']): GalleryDetail => ({
  ...detail,
  images: detail.images.map(named),
});

/** Whether a run does not tell yet which picture is whose. */
export const isHidden = ({ blind, results }: Pick<Job, 'blind' | 'results'>): boolean =>
  blind === true && results.some(({ modelId }) => !modelId);

/** What the server calls a result. */
export const nameOf = ({ index, resultId }: Result): string => resultId ?? String(index);
