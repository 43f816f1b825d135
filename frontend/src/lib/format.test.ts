import { describe, expect, it } from 'vitest';
import { bytes, cost, countdown, dollars, seconds } from './format';

describe('cost', () => {
  it('says how sure it is', () => {
    expect(cost({ amount: 0.41, basis: 'exact' })).toBe('= $0.41');
    expect(cost({ amount: 0.41, basis: 'estimated' })).toBe('≈ $0.41');
  });

  it('is never free because it is unknown', () => {
    expect(cost({ amount: null, basis: 'unknown' })).toBe('cost unknown');
    expect(cost({ amount: 0, basis: 'unknown' })).toBe('cost unknown');
    expect(cost(null)).toBe('cost unknown');
  });
});

it('amounts below ten cents keep a digit more', () => {
  expect(dollars(0.053)).toBe('$0.053');
  expect(dollars(0.41)).toBe('$0.41');
  expect(dollars(0)).toBe('$0.00');
});

it('times and sizes are short', () => {
  expect(seconds(2.54)).toBe('2.5 s');
  expect(seconds(75)).toBe('1 min 15 s');
  expect(bytes(105_300)).toBe('105 kB');
  expect(bytes(1_530_000)).toBe('1.5 MB');
});

it('a countdown shows hours only when there are any', () => {
  expect([0, 61, 3599, 29_592].map(countdown)).toEqual(['00:00', '01:01', '59:59', '8:13:12']);
});
