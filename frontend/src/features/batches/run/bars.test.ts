import { expect, it } from 'vitest';
import { barsOf } from './bars';
import { perPicture } from './Spending';

it('a step and model has one bar, however its costs are known', () => {
  const bars = barsOf([
    { step: 'brief', model: 'Text', calls: 2, usd: 0.01, basis: 'estimated' },
    { step: 'picture', model: 'A', calls: 3, usd: 0.03, basis: 'exact' },
    { step: 'picture', model: 'A', calls: 1, usd: 0.01, basis: 'estimated' },
    { step: 'picture', model: 'A', calls: 2, usd: null, basis: 'unknown' },
  ]);
  expect(bars).toEqual([
    { step: 'brief', model: 'Text', usd: 0.01, share: 0.25, unknown: 0 },
    { step: 'picture', model: 'A', usd: 0.04, share: 1, unknown: 2 },
  ]);
});

it('bars of nothing have no length', () => {
  expect(barsOf([{ step: 'a', model: 'A', calls: 1, usd: 0, basis: 'exact' }])[0]?.share).toBe(0);
});

it('a picture costs all that is spent by those that stand', () => {
  const budget = { limit: 5, spent: 0.3, reserved: 0, unknown: 0, left: 4.7 };
  expect(perPicture({ pictures: 4, budget })).toBe(
    '4 pictures stand, at $0.075 each: all that is spent, with texts, judgements and failed tries in it.',
  );
  expect(perPicture({ pictures: 0, budget })).toBe('No picture stands yet.');
});
