import type { Batch, BatchState, Cell } from '../../api/batches';
import { plural } from '../../lib/format';

/** Dollars as exactly as they are counted, in millionths: $5.00, $0.0042, $0.000312. */
export function money(amount: number): string {
  const text = amount.toFixed(6).replace(/0{1,4}$/, '');
  return `$${text}`;
}

/** A number that may be large: 10,000. */
export const large = (count: number): string => count.toLocaleString('en');

const many = (count: number, one: string): string =>
  `${large(count)} ${one}${count === 1 ? '' : 's'}`;

/** What one call came to: exactly, about, or nobody knows. */
export function costOf({ amount, basis }: NonNullable<Cell['cost']>): string {
  if (amount === null || basis === 'unknown') return 'cost unknown';
  return `${basis === 'exact' ? '=' : '≈'} ${money(amount)}`;
}

/** A time to come, as roughly as it is known. */
export function about(seconds: number): string {
  if (seconds < 90) return `about ${plural(Math.max(1, Math.round(seconds)), 'second')}`;
  if (seconds < 90 * 60) return `about ${plural(Math.round(seconds / 60), 'minute')}`;
  return `about ${plural(Math.round(seconds / 3600), 'hour')}`;
}

/** What each state is called, and what it means for who looks at it. */
export const STATES: Record<BatchState, { name: string; sentence: string }> = {
  planned: { name: 'planned', sentence: 'Nothing is spent before you start it.' },
  queued: {
    name: 'waiting its turn',
    sentence: 'Other batches run; it begins when one has ended.',
  },
  running: { name: 'running', sentence: 'You may leave: it goes on by itself.' },
  pausing: { name: 'pausing', sentence: 'No more rows begin; those under way end, and are paid.' },
  paused: { name: 'paused', sentence: 'It goes on where it stands when you resume it.' },
  pilot_done: {
    name: 'pilot done',
    sentence: 'The first rows are here. Look at them, then go on with the others.',
  },
  out_of_budget: {
    name: 'out of budget',
    sentence: 'What is left does not pay for the next call. It goes on when you raise the budget.',
  },
  stopped: {
    name: 'stopped',
    sentence: 'Too many rows failed one after the other. It goes on when you resume it.',
  },
  completed: { name: 'completed', sentence: 'Every row is made.' },
  completed_with_failures: {
    name: 'completed, some failed',
    sentence: 'Rows that failed can be made again; what they have stays.',
  },
  cancelling: { name: 'cancelling', sentence: 'Rows under way end, and are paid.' },
  cancelled: { name: 'cancelled', sentence: 'What was made stays until you delete it.' },
};

const MOVING: BatchState[] = ['queued', 'running', 'pausing', 'cancelling'];

/** True while a batch may change by itself. */
export const mayMove = ({ state, rows }: Batch): boolean =>
  MOVING.includes(state) || rows.running > 0;

/** What a batch is about to do and to cost, sentence by sentence. */
export function planSentences({ plan, budget }: Pick<Batch, 'plan' | 'budget'>): string[] {
  const made = plan.pictures > 0 ? `, with ${many(plan.pictures, 'picture')}` : '';
  const [expected, worst, limit] = [plan.expectedUsd, plan.worstUsd, budget.limit].map(money);
  return [
    `${many(plan.rows, 'row')} in ${many(plan.calls, 'call')} of models${made}.`,
    `It is expected to cost ${expected}, and at worst ${worst}.`,
    plan.worstUsd <= budget.limit
      ? `Even that fits the budget of ${limit}.`
      : `At worst that is more than the budget of ${limit}: it would stop there, and go on when you raise it.`,
    `It takes ${about(plan.seconds)}.`,
    ...(plan.unpriced.length > 0
      ? [`Left out, since nobody knows what they cost: ${plan.unpriced.join(', ')}.`]
      : []),
  ];
}

/** How fast rows are made, and for how long still; empty while nobody knows. */
export function pace({ rate, state }: Pick<Batch, 'rate' | 'state'>): string {
  if (state !== 'running' || rate.rowsPerMinute <= 0) return '';
  const speed = `${rate.rowsPerMinute} rows a minute`;
  return rate.etaSeconds === null ? speed : `${speed}, ${about(rate.etaSeconds)} left`;
}
