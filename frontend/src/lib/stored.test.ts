import { expect, it, vi } from 'vitest';
import { createStored } from './stored';

it('a stored value is there the next time', () => {
  createStored('colour', 'none').set('red');
  expect(createStored('colour', 'none').get()).toBe('red');
});

it('a value that cannot be read is the fallback', () => {
  localStorage.setItem('pixel-prompt:broken', '{"half":');
  expect(createStored('broken', 'none').get()).toBe('none');
});

it('what an older page has stored is completed', () => {
  localStorage.setItem('pixel-prompt:older', '{"size":2}');
  expect(createStored('older', { size: 1, shape: 'round' }).get()).toEqual({
    size: 2,
    shape: 'round',
  });
  localStorage.setItem('pixel-prompt:emptied', 'null');
  expect(createStored<string[]>('emptied', []).get()).toEqual([]);
});

it('a value holds for the page when storage is blocked', () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('blocked', 'SecurityError');
  });
  const colour = createStored('colour', 'none');
  colour.set('red');
  expect(colour.get()).toBe('red');
});

it('follows a change made in another tab, unless the value is a tab’s own', () => {
  const colour = createStored('colour', 'none');
  const own = createStored('colour', 'none', true);
  localStorage.setItem('pixel-prompt:colour', '"blue"');
  window.dispatchEvent(new StorageEvent('storage', { key: 'pixel-prompt:colour' }));
  expect(colour.get()).toBe('blue');
  expect(own.get()).toBe('none');
});

it('a tab keeps its own through a reload, and a new tab begins with the latest of all', () => {
  createStored('words', '', true).set('mine');
  localStorage.setItem('pixel-prompt:words', '"theirs"');
  expect(createStored('words', '', true).get()).toBe('mine');
  sessionStorage.clear();
  expect(createStored('words', '', true).get()).toBe('theirs');
});
