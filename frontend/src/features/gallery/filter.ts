import type { GalleryEntry } from '../../api/types';

/** The models of a run, as far as the list tells them. */
const modelsIn = (entry: GalleryEntry): string[] => entry.models ?? [entry.preview.model];

/** Whether a run has all the words in its prompt, in any order, and the model among its pictures. */
export function matching(words: string, model: string | null): (entry: GalleryEntry) => boolean {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return (entry) => {
    const prompt = entry.prompt.toLocaleLowerCase();
    return (
      wanted.every((word) => prompt.includes(word)) &&
      (model === null || modelsIn(entry).includes(model))
    );
  };
}

/** All models that appear, by name. */
export const modelsOf = (entries: GalleryEntry[]): string[] =>
  [...new Set(entries.flatMap(modelsIn))].sort((a, b) => a.localeCompare(b));
