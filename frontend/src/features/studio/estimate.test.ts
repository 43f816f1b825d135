import { expect, it } from 'vitest';
import { model, picture, result } from '../../testing/samples';
import { estimate, isTooDear, reserve, spent } from './estimate';
import refusals from './refusals.json';

const unknown = model({ price: { amount: null, basis: 'unknown', asOf: '' } });

it('an estimate adds up what is known and counts what is not', () => {
  expect(estimate([model(), model()])).toBe('2 models ≈ $0.080');
  expect(estimate([model(), unknown, unknown])).toBe('3 models ≈ $0.040 + 2 unknown');
  expect(estimate([unknown])).toBe('1 model cost unknown');
  expect(estimate([model(), unknown], 2)).toBe('2 models × 2 ≈ $0.080 + 2 unknown');
});

it('money is set aside for unknown prices too, as much as the server says', () => {
  expect(reserve([model(), unknown], 0.5)).toBe(0.54);
  expect(reserve([], 0.5)).toBe(0);
});

// tests/unit/jobs/test_page_agrees.py holds the server to the same cases.
it.each(refusals)('what the server would refuse is too dear: $prices, $spare', (each) => {
  const unknownPrice = 0.2345;
  const chosen = each.prices.map((amount) =>
    model({ price: { amount, basis: 'estimated', asOf: '' } }),
  );
  const left = each.prices.reduce<number>(
    (sum, price) => sum + (price ?? unknownPrice),
    each.spare,
  );
  const spend = { limit: 100, left: Math.round(left * 1e6) / 1e6, unknownPrice, resetsAt: '' };
  expect(isTooDear(chosen, spend)).toBe(each.refused);
});

it('what a run cost is exact only when every part of it is', () => {
  const exact = picture({ cost: { amount: 0.05, basis: 'exact' } });
  const guessed = picture({ cost: { amount: 0.06, basis: 'estimated' } });
  expect(spent([exact, exact])).toBe('= $0.10');
  expect(spent([exact, guessed])).toBe('≈ $0.11');
  expect(spent([result()])).toBeNull();
});
