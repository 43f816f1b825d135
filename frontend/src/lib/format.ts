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

export const bytes = (value: number): string =>
  value < 1e6 ? `${Math.round(value / 1e3)} kB` : `${(value / 1e6).toFixed(1)} MB`;

export const day = (iso: string): string =>
  new Date(iso).toLocaleDateString(undefined, { day: 'numeric', month: 'long', year: 'numeric' });

export const time = (iso: string): string =>
  new Date(iso).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** `16:9` as the CSS ratio `16 / 9`. */
export const cssRatio = (ratio: unknown): string =>
  typeof ratio === 'string' ? ratio.replace(':', ' / ') : '1 / 1';

export const frameNumber = (index: number): string => String(index).padStart(2, '0');
