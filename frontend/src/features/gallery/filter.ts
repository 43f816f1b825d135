import type { GalleryEntry } from '../../api/types';

/** Whether a run has all the words in its prompt, in any order. */
export function matching(words: string): (entry: GalleryEntry) => boolean {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return ({ prompt }) => {
    const text = prompt.toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  };
}
