import { describe, expect, it } from 'vitest';
import { job, result } from '../testing/samples';
import { isHidden, namedJob, nameOf } from './named';

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

describe('a run with variants', () => {
  const results = [1, 2].map((variant) =>
    result({ index: 3, resultId: `3.${variant}`, variant, model: 'FLUX.2 pro' }),
  );
  const named = namedJob({ ...job(), results });

  it('gives each result a number and a name of its own', () => {
    expect(named.results.map(({ index, model }) => [index, model])).toEqual([
      [3, 'FLUX.2 pro · 1'],
      [103, 'FLUX.2 pro · 2'],
    ]);
  });

  it('calls them by their ids where the server is asked', () => {
    expect(named.results.map(nameOf)).toEqual(['3.1', '3.2']);
  });
});

it('a run without variants stays as it is', () => {
  expect(namedJob(job())).toEqual(job());
});
