import { expect, it } from 'vitest';
import { model, picture, result } from '../../testing/samples';
import { estimate, reserve, spent } from './estimate';

const unknown = model({ price: { amount: null, basis: 'unknown', asOf: '' } });

it('an estimate adds up what is known and counts what is not', () => {
  expect(estimate([model(), model()])).toBe('2 models ≈ $0.080');
  expect(estimate([model(), unknown, unknown])).toBe('3 models ≈ $0.040 + 2 unknown');
  expect(estimate([unknown])).toBe('1 model cost unknown');
});

it('money is set aside for unknown prices too, as for the dearest known one', () => {
  const dear = model({ price: { amount: 0.5, basis: 'estimated', asOf: '' } });
  expect(reserve([model(), unknown], [model(), unknown, dear])).toBeCloseTo(0.54);
  expect(reserve([], [dear])).toBe(0);
});

it('what a run cost is exact only when every part of it is', () => {
  const exact = picture({ cost: { amount: 0.05, basis: 'exact' } });
  const guessed = picture({ cost: { amount: 0.06, basis: 'estimated' } });
  expect(spent([exact, exact])).toBe('= $0.10');
  expect(spent([exact, guessed])).toBe('≈ $0.11');
  expect(spent([result()])).toBeNull();
});
