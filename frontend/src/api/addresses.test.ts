import { describe, expect, it } from 'vitest';
import { livesLonger, renewIn, unsigned } from './addresses';

const signed = (end: number) => ({ imageUrl: `/group-images/t/a.png?e=${end}&s=x-_y` });
const NOW = 1_800_000_000_000;

describe('private addresses', () => {
  it('are renewed half a minute before the first of them dies', () => {
    const answer = { results: [signed(NOW / 1000 + 900), signed(NOW / 1000 + 300)] };
    expect(renewIn(answer, NOW)).toBe(270_000);
  });

  it('that are dead are renewed soon, and not without a pause', () => {
    expect(renewIn(signed(NOW / 1000 - 60), NOW)).toBe(3_000);
  });

  it('are not renewed where they do not die', () => {
    expect(renewIn({ imageUrl: '/group-images/t/a.png' }, NOW)).toBe(false);
    expect(renewIn(undefined, NOW)).toBe(false);
  });

  it('name one picture before and after', () => {
    expect(unsigned(signed(1).imageUrl)).toBe(unsigned(signed(2).imageUrl));
    expect(livesLonger(signed(1), signed(2))).toBe(true);
    expect(livesLonger(signed(2), signed(2))).toBe(false);
  });
});
