import { describe, expect, it } from 'vitest';
import { picture } from '../testing/samples';
import { plan, sourcesOf } from './plan';

const urls = { thumbUrl: 'thumb', previewUrl: 'preview', imageUrl: 'original' };
const full = sourcesOf(picture({ ...urls, width: 1536, height: 1024 }));
const bare = sourcesOf(picture({ ...urls, thumbUrl: null, previewUrl: null, width: 1536 }));
const old = sourcesOf(picture({ ...urls, previewUrl: null, width: 1536 }));

function planned(
  sources: typeof full,
  { ready = [], failed = [], need = 800 }: { ready?: string[]; failed?: string[]; need?: number },
) {
  const progress = { need, ready: new Set(ready), failed: new Set(failed) };
  const { shown, light, heavy } = plan(sources, progress);
  return [shown?.url, [...light, ...(heavy ? [heavy] : [])].map(({ url }) => url)];
}

describe('a picture with its previews', () => {
  it('begins with the thumbnail and the preview, and ends with the preview where that is enough', () => {
    expect(planned(full, {})).toEqual([undefined, ['thumb', 'preview']]);
    expect(planned(full, { ready: ['thumb'] })).toEqual(['thumb', ['preview']]);
    expect(planned(full, { ready: ['preview'] })).toEqual(['preview', []]);
    expect(planned(full, { ready: ['thumb', 'preview'] })).toEqual(['preview', []]);
  });

  it('is fetched in full, after the preview, where the screen shows more', () => {
    expect(planned(full, { need: 1074 })).toEqual([undefined, ['thumb', 'preview']]);
    expect(planned(full, { need: 1074, ready: ['preview'] })).toEqual(['preview', ['original']]);
    expect(planned(full, { need: 1074, ready: ['preview', 'original'] })).toEqual(['original', []]);
  });

  it('stays a thumbnail where that is enough, and is never more than there is', () => {
    expect(planned(full, { need: 320 })).toEqual([undefined, ['thumb']]);
    expect(planned(full, { need: 9000, ready: ['original'] })).toEqual(['original', []]);
    const small = sourcesOf(picture({ ...urls, width: 900, height: 900 }));
    expect(planned(small, { need: 2000, ready: ['preview'] })).toEqual(['preview', []]);
  });
});

describe('a picture whose previews are not made yet', () => {
  it('is fetched in full', () => {
    expect(planned(bare, {})).toEqual([undefined, ['original']]);
    expect(planned(bare, { ready: ['original'] })).toEqual(['original', []]);
  });

  it('stays in full when that was faster than its previews', () => {
    expect(planned(full, { ready: ['original'] })).toEqual(['original', []]);
  });
});

it('a picture of an older run, with a thumbnail alone, is fetched in full after it', () => {
  expect(planned(old, {})).toEqual([undefined, ['thumb']]);
  expect(planned(old, { ready: ['thumb'] })).toEqual(['thumb', ['original']]);
  expect(planned(old, { need: 300, ready: ['thumb'] })).toEqual(['thumb', []]);
});

it('what does not come through is passed over', () => {
  expect(planned(full, { failed: ['thumb'] })).toEqual([undefined, ['preview']]);
  expect(planned(full, { failed: ['preview'], ready: ['thumb'] })).toEqual(['thumb', ['original']]);
  expect(planned(old, { failed: ['thumb'] })).toEqual([undefined, ['original']]);
  expect(planned(full, { failed: ['thumb', 'preview', 'original'] })).toEqual([undefined, []]);
});
