import type { Batch } from '../../../api/batches';

export interface Bar {
  step: string;
  model: string;
  usd: number;
  /** Of the longest bar, from 0 to 1. */
  share: number;
  /** Calls whose cost nobody knows. */
  unknown: number;
}

/** One bar for each step and model, whatever its costs are based on, in the order of the table. */
export function barsOf(spendBy: Batch['spendBy']): Bar[] {
  const bars = new Map<string, Bar>();
  for (const { step, model, calls, usd } of spendBy) {
    const key = `${step}\n${model}`;
    const bar = bars.get(key) ?? { step, model, usd: 0, share: 0, unknown: 0 };
    bars.set(key, {
      ...bar,
      usd: bar.usd + (usd ?? 0),
      unknown: bar.unknown + (usd === null ? calls : 0),
    });
  }
  const longest = Math.max(...[...bars.values()].map(({ usd }) => usd), 0);
  return [...bars.values()].map((bar) => ({ ...bar, share: longest > 0 ? bar.usd / longest : 0 }));
}
