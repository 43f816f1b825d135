import type { Result } from '../api/types';
import { frameNumber } from '../lib/format';

const EXTENSIONS: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/svg+xml': 'svg',
};

const SETTING_NAMES: Record<string, string> = {
  negativePrompt: 'negative prompt',
  aspectRatio: 'aspect ratio',
};

/** A setting as the page calls it. */
export const settingName = (name: string): string => SETTING_NAMES[name] ?? name;

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** A file name that sorts by slot and says which model drew it: `01-gpt-image-2.png`. */
export function fileName(result: Result): string {
  const extension = EXTENSIONS[result.contentType ?? ''] ?? 'bin';
  return `${frameNumber(result.index)}-${slug(result.model)}.${extension}`;
}
