import { saveBlob } from '../lib/download';
import { fileName } from './names';
import type { Picture } from './select';

export interface PictureSet {
  jobId: string;
  target: string;
  prompt: string;
  parameters: Record<string, unknown>;
  createdAt: string;
}

/** What a manifest says: enough to know how each file came to be. */
export function manifest(set: PictureSet, pictures: Picture[]) {
  const { jobId, target, prompt, parameters, createdAt } = set;
  return {
    ...{ jobId, target, prompt, parameters, createdAt },
    pictures: pictures.map((picture) => ({ file: fileName(set, picture), ...picture })),
  };
}

/** Saves the provider's own files, with a manifest, as one zip. */
export async function saveZip(set: PictureSet, pictures: Picture[]): Promise<void> {
  const { downloadZip } = await import('client-zip');
  const archive = downloadZip(files(set, pictures));
  saveBlob(await archive.blob(), `pixel-prompt-${set.target}.zip`);
}

async function* files(set: PictureSet, pictures: Picture[]) {
  yield { name: 'manifest.json', input: JSON.stringify(manifest(set, pictures), null, 2) };
  for (const picture of pictures) {
    const response = await fetch(picture.imageUrl);
    if (!response.ok) throw new Error(`${picture.model}'s picture could not be fetched.`);
    yield { name: fileName(set, picture), input: response };
  }
}
