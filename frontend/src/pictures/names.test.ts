import { expect, it } from 'vitest';
import { picture } from '../testing/samples';
import { fileName } from './names';

const name = (prompt: string) =>
  fileName(
    { prompt, createdAt: '2026-11-26T10:00:00.000Z' },
    picture({ index: 3, model: 'FLUX.2 pro', contentType: 'image/png' }),
  );

it('a file is named after day, first words, slot and model', () => {
  expect(name('An old fishing village as a paper collage')).toBe(
    '2026-11-26 old-fishing-village 03 flux-2-pro.png',
  );
});

it('a prompt in any script names its file, and one without words leaves no gap', () => {
  expect(name('雪の中の狐')).toBe('2026-11-26 雪の中の狐 03 flux-2-pro.png');
  expect(name('!!! …')).toBe('2026-11-26 03 flux-2-pro.png');
  expect(name('x'.repeat(500)).length).toBeLessThan(80);
});

it('a file has the ending of its true type', () => {
  const ending = (contentType: string) =>
    fileName({ prompt: 'A fox', createdAt: '2026-11-26T10:00:00Z' }, picture({ contentType }));
  expect(ending('image/jpeg')).toMatch(/\.jpg$/);
  expect(ending('image/gif')).toMatch(/\.gif$/);
  expect(ending('text/html')).toMatch(/\.bin$/);
});
