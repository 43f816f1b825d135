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
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

const ARTICLE = /^(an?|the)\s+/i;
const WORDS = 3;
const LONGEST = 40;

/** The first words of a prompt, as they can stand in a file's name. */
const firstWords = (prompt: string): string =>
  [...slug(prompt.trim().replace(ARTICLE, '')).split('-').slice(0, WORDS).join('-')]
    .slice(0, LONGEST)
    .join('');

/** Its letter in a blind run, else its slot; nothing while its name is the letter. */
export const numberOf = ({ letter, provider, index }: Result): string =>
  letter ?? (provider ? frameNumber(index) : '');

/** What a result is called in full. */
export const titleOf = (result: Result): string => `${numberOf(result)} ${result.model}`.trim();

/** What the name of a picture's file is made of besides the picture. */
export interface RunName {
  prompt: string;
  createdAt: string;
}

/** Day, first words, slot and model: `2026-11-26 old-fishing-village 03 flux-3.png`; or a letter. */
export function fileName({ prompt, createdAt }: RunName, result: Result): string {
  const extension = EXTENSIONS[result.contentType ?? ''] ?? 'bin';
  const slot = result.provider && frameNumber(result.index);
  const parts = [createdAt.slice(0, 10), firstWords(prompt), slot];
  return `${[...parts, slug(result.model)].filter(Boolean).join(' ')}.${extension}`;
}
