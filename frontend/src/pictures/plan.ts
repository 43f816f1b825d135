import type { Picture } from './select';

/** One form in which a picture can be had. */
export interface Source {
  url: string;
  /** Pixels along its longer side. */
  size: number;
  /** The provider's own file: the sharpest, and by far the heaviest. */
  original: boolean;
}

const THUMBNAIL = 320;
const PREVIEW = 1024;

/** What there is of a picture now, from light to heavy. */
export function sourcesOf({ thumbUrl, previewUrl, imageUrl, width, height }: Picture): Source[] {
  const whole = Math.max(width ?? 0, height ?? 0) || Number.POSITIVE_INFINITY;
  const smaller = (url: string | null | undefined, size: number) =>
    url ? [{ url, size: Math.min(size, whole), original: false }] : [];
  return [
    ...smaller(thumbUrl, THUMBNAIL),
    ...smaller(previewUrl, PREVIEW),
    { url: imageUrl, size: whole, original: true },
  ];
}

export interface Progress {
  /** The addresses that are decoded and may be shown. */
  ready: ReadonlySet<string>;
  /** The addresses that did not come through and wait for another attempt. */
  failed: ReadonlySet<string>;
  /** Pixels of the screen along the picture's longer side. */
  need: number;
}

export interface Plan {
  shown: Source | undefined;
  /** What to fetch at once. */
  light: Source[];
  /** The original, to be fetched when the line has nothing light to carry. */
  heavy: Source | undefined;
}

/** What to show and what to fetch: light before heavy, and nothing heavier than the screen can show. */
export function plan(sources: Source[], { ready, failed, need }: Progress): Plan {
  const usable = sources.filter(({ url }) => !failed.has(url));
  const shown = usable.findLast(({ url }) => ready.has(url));
  const enough = usable.find(({ size }) => size >= need) ?? usable.at(-1);
  if (!enough || (shown && shown.size >= enough.size))
    return { shown, light: [], heavy: undefined };
  const better = usable.filter(({ size }) => size <= enough.size && size > (shown?.size ?? 0));
  const light = better.filter(({ original }) => !original);
  const heavy = light.length === 0 ? usable.find(({ original }) => original) : undefined;
  return { shown, light, heavy };
}
