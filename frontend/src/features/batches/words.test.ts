import { expect, it } from 'vitest';
import { batch } from '../../testing/samples';
import { about, costOf, mayMove, money, pace, planSentences } from './words';

it('money is told to the millionth where it has one, and else in cents', () => {
  expect([5, 0.5, 0.0042, 0.000312, 12.345678, 0, 100].map(money)).toEqual([
    '$5.00',
    '$0.50',
    '$0.0042',
    '$0.000312',
    '$12.345678',
    '$0.00',
    '$100.00',
  ]);
});

it('a time to come is told as roughly as it is known', () => {
  expect([0, 1, 89, 90, 5000, 7200].map(about)).toEqual([
    'about 1 second',
    'about 1 second',
    'about 89 seconds',
    'about 2 minutes',
    'about 83 minutes',
    'about 2 hours',
  ]);
});

it('a plan says whether even its worst fits, and what it leaves out', () => {
  const fits = planSentences(batch()).join(' ');
  expect(fits).toBe(
    '10 rows in 30 calls of models, with 20 pictures. It is expected to cost $0.80, and at worst ' +
      '$1.10. Even that fits the budget of $5.00. It takes about 2 minutes.',
  );
  const { plan, budget } = batch();
  const big = planSentences({ plan: { ...plan, rows: 10_000, calls: 1 }, budget });
  expect(big[0]).toBe('10,000 rows in 1 call of models, with 20 pictures.');
  const tight = planSentences({
    plan: { ...plan, pictures: 0, unpriced: ['Mine', 'Yours'] },
    budget: { ...budget, limit: 1 },
  }).join(' ');
  expect(tight).toContain('At worst that is more than the budget of $1.00: it would stop there');
  expect(tight).toContain('Left out, since nobody knows what they cost: Mine, Yours.');
  expect(tight).not.toContain('pictures');
});

it('a batch moves while it runs or rows of it are under way', () => {
  const resting = { ...batch().rows, running: 0 };
  expect(mayMove(batch({ rows: resting }))).toBe(true);
  expect(mayMove(batch({ state: 'paused', rows: resting }))).toBe(false);
  expect(mayMove(batch({ state: 'paused' }))).toBe(true);
});

it('the pace is told only while there is one', () => {
  expect(pace(batch())).toBe('12 rows a minute, about 30 seconds left');
  expect(pace(batch({ state: 'paused' }))).toBe('');
  expect(pace(batch({ rate: { rowsPerMinute: 0, etaSeconds: null } }))).toBe('');
  expect(pace(batch({ rate: { rowsPerMinute: 2, etaSeconds: null } }))).toBe('2 rows a minute');
});

it('what nobody knows is never told as free', () => {
  expect(costOf({ amount: 0.000022, basis: 'exact' })).toBe('= $0.000022');
  expect(costOf({ amount: 0.04, basis: 'estimated' })).toBe('≈ $0.04');
  expect(costOf({ amount: null, basis: 'unknown' })).toBe('cost unknown');
  expect(costOf({ amount: 0, basis: 'unknown' })).toBe('cost unknown');
});
