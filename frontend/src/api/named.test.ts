import { describe, expect, it } from 'vitest';
import { job, result } from '../testing/samples';
import { isHidden, namedJob } from './named';

const blind = (...results: object[]) => ({ ...job(), blind: true, results }) as never;

describe('a blind run', () => {
  it('names its results by their letters until the verdict', () => {
    const hidden = blind(
      { resultId: 'A', status: 'pending', attempt: 1 },
      { resultId: 'B', status: 'pending', attempt: 1 },
    );
    const named = namedJob(hidden);
    expect(named.results.map(({ index, model }) => [index, model])).toEqual([
      [1, 'A'],
      [2, 'B'],
    ]);
    expect(isHidden(named)).toBe(true);
  });

  it('is as any other after it', () => {
    const revealed = blind(result({ index: 7, letter: 'A', resultId: '7' }));
    expect(namedJob(revealed)).toEqual(revealed);
    expect(isHidden(namedJob(revealed))).toBe(false);
  });

  it('is not every run without results', () => {
    expect(isHidden(job())).toBe(false);
  });
});
