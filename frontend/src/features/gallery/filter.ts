import type { GalleryEntry } from '../../api/types';

/** Whether a run has all the words in its prompt, in any order, and a picture by the model. */
export function matching(words: string, model: string | null): (entry: GalleryEntry) => boolean {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return ({ prompt, models }) => {
    if (model && !models.includes(model)) return false;
    const text = prompt.toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  };
}
