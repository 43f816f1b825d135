import { describe, expect, it } from 'vitest';
import { job, picture, result } from '../testing/samples';
import { awaitsPreviews, isOpen, newer } from './merge';

describe('the newer of two snapshots', () => {
  it('is the one with the higher seq, in whatever order they come', () => {
    const [first, second] = [job({ seq: 1 }), job({ seq: 2 })];
    expect(newer(first, second)).toBe(second);
    expect(newer(second, first)).toBe(second);
  });

  it('stays the same object when nothing changed', () => {
    const known = job({ seq: 3 });
    expect(newer(known, job({ seq: 3 }))).toBe(known);
  });

  it('is, of two that say the same, the one whose addresses live longer', () => {
    const until = (end: number) =>
      job({ seq: 3, results: [picture({ imageUrl: `/group-images/a.png?e=${end}&s=x` })] });
    const [early, late] = [until(1000), until(2000)];
    expect(newer(early, late)).toBe(late);
    expect(newer(late, early)).toBe(late);
  });

  it('is never one of another job', () => {
    const other = job({ jobId: 'job-2', seq: 1 });
    expect(newer(job({ seq: 9 }), other)).toBe(other);
  });
});

it('a job is open until every slot has ended', () => {
  expect(isOpen(job({ status: 'pending' }))).toBe(true);
  expect(isOpen(job({ status: 'in_progress' }))).toBe(true);
  expect(isOpen(job({ status: 'partial' }))).toBe(false);
  expect(isOpen(undefined)).toBe(false);
});

it('previews are awaited for pictures that have none yet, and not for those that never will', () => {
  const bare = { thumbUrl: null, previewUrl: null };
  expect(awaitsPreviews(job({ results: [picture(bare)] }))).toBe(true);
  expect(awaitsPreviews(job({ results: [picture({ thumbUrl: 't' })] }))).toBe(false);
  expect(awaitsPreviews(job({ results: [picture({ ...bare, previewUrl: 'p' })] }))).toBe(false);
  expect(awaitsPreviews(job({ results: [picture({ ...bare, previewError: 'bad' })] }))).toBe(false);
  expect(awaitsPreviews(job({ results: [result({ status: 'error' })] }))).toBe(false);
});
