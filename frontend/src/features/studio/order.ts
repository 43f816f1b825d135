import type { Result } from '../../api/types';

export const ORDERS = ['slot', 'time', 'cost'] as const;

/** By what the pictures of a run are put in order. */
export type Order = (typeof ORDERS)[number];

/** Nothing was drawn, and nothing will be. */
export const isWithout = ({ status }: Result): boolean =>
  status === 'error' || status === 'cancelled';

const rank = (result: Result, order: Order): number => {
  if (order === 'slot') return result.letter?.charCodeAt(0) ?? result.index;
  const value = order === 'time' ? result.duration : result.cost?.amount;
  return value ?? Number.POSITIVE_INFINITY;
};

/** In this order, what is unknown last; tidied, what was not drawn comes after all pictures. */
export function arranged(results: Result[], order: Order, tidy: boolean): Result[] {
  return results.toSorted((one, other) => {
    const last = tidy ? Number(isWithout(one)) - Number(isWithout(other)) : 0;
    const [mine, its] = [rank(one, order), rank(other, order)];
    return last || (mine === its ? one.index - other.index : mine - its);
  });
}
