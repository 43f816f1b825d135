import type { Model, Result, Spend } from '../../api/types';
import { dollars, plural } from '../../lib/format';
import { sleepers } from './sleeping';

const MICROS = 1_000_000;

/** What a run will cost, in words: unknown prices are counted, never taken for free. */
export function estimate(models: Model[], variants = 1): string {
  const prices = timesEach(models, variants).map(({ price }) => price.amount);
  const times = variants > 1 ? ` × ${variants}` : '';
  return `${plural(models.length, 'model')}${times} ${sum(prices, '≈')}${sleepers(models)}`;
}

/** The models, each as often as it draws. */
export const timesEach = (models: Model[], variants = 1): Model[] =>
  models.flatMap((model) => Array<Model>(variants).fill(model));

/** What the server sets aside for a run, in dollars; it takes `unknown` for an unknown price. */
export function reserve(chosen: Model[], unknown: number): number {
  return micros(chosen.map(({ price }) => price.amount ?? unknown)) / MICROS;
}

/** Whether the server would refuse a run for want of money. */
export function isTooDear(chosen: Model[], spend: Spend): boolean {
  return (
    micros(chosen.map(({ price }) => price.amount ?? spend.unknownPrice)) > micros([spend.left])
  );
}

/** Whole millionths, each price rounded up as the server does: sums of dollars are inexact. */
function micros(dollars: number[]): number {
  return dollars.reduce((sum, each) => sum + Math.ceil(Math.round(each * MICROS * 1000) / 1000), 0);
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
