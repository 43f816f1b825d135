import type { Model, Result } from '../../api/types';
import { dollars, plural } from '../../lib/format';

/** What a run will cost, in words: unknown prices are counted, never taken for free. */
export function estimate(models: Model[]): string {
  const prices = models.map(({ price }) => price.amount);
  return `${plural(models.length, 'model')} ${sum(prices, '≈')}`;
}

/** What the server sets aside for a run: an unknown price counts as the dearest known one. */
export function reserve(chosen: Model[], models: Model[]): number {
  const dearest = Math.max(0, ...models.map(({ price }) => price.amount ?? 0));
  return chosen.reduce((total, { price }) => total + (price.amount ?? dearest), 0);
}

/** What a run has cost so far; exact only when every part is. */
export function spent(results: Result[]): string | null {
  const costs = results.flatMap(({ cost }) => cost ?? []);
  if (costs.length === 0) return null;
  const exact = costs.every(({ basis }) => basis === 'exact');
  return sum(
    costs.map(({ amount }) => amount),
    exact ? '=' : '≈',
  );
}

function sum(amounts: (number | null)[], sign: string): string {
  const known = amounts.filter((amount) => amount !== null);
  const unknown = amounts.length - known.length;
  if (known.length === 0) return 'cost unknown';
  const total = dollars(known.reduce((total, amount) => total + amount, 0));
  return `${sign} ${total}${unknown > 0 ? ` + ${unknown} unknown` : ''}`;
}
