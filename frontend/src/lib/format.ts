interface Cost {
  amount: number | null;
  basis: 'exact' | 'estimated' | 'unknown';
}

export const seconds = (value: number): string =>
  value < 60
    ? `${value.toFixed(1)} s`
    : `${Math.floor(value / 60)} min ${Math.floor(value % 60)} s`;

/** Two significant digits below ten cents, else cents: $0.053, $0.41. */
export function dollars(amount: number): string {
  return `$${amount > 0 && amount < 0.1 ? amount.toFixed(3) : amount.toFixed(2)}`;
}

/** `=` paid exactly, `≈` estimated; what is not known is never shown as free. */
export function cost(value: Cost | null | undefined): string {
  if (!value || value.amount === null || value.basis === 'unknown') return 'cost unknown';
  return `${value.basis === 'exact' ? '=' : '≈'} ${dollars(value.amount)}`;
}

/** `03:12`, and `8:03:12` from an hour on. */
export function countdown(seconds: number): string {
  const part = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export const bytes = (value: number): string =>
  value < 1e6 ? `${Math.round(value / 1e3)} kB` : `${(value / 1e6).toFixed(1)} MB`;

/** `21 Nov, 12:01`, in the reader's own way; the year only when it is another one. */
export function moment(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return date.toLocaleString(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...year,
  });
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** `16:9` as the CSS ratio `16 / 9`. */
export const cssRatio = (ratio: unknown): string =>
  typeof ratio === 'string' ? ratio.replace(':', ' / ') : '1 / 1';

/** `03`, and `03.2` for the second of its variants (see `named`). */
export const frameNumber = (index: number): string => {
  const number = String(index % 100).padStart(2, '0');
  return index < 100 ? number : `${number}.${Math.floor(index / 100) + 1}`;
};

const SHORT = 80;

/** The beginning of a long text, up to a whole word. */
export const inShort = (text: string): string =>
  text.length <= SHORT ? text : `${text.slice(0, SHORT).replace(/\s+\S*$/, '')}…`;
