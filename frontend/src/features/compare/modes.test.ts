import { expect, it, vi } from 'vitest';
import { modeActions, modeOf } from './modes';

it('two pictures can be laid over each other in every way, more only flicker', () => {
  expect(modeActions('beside', 2, vi.fn()).map(({ label }) => label)).toEqual([
    'Side by side',
    'Slider',
    'Difference',
    'Flicker',
  ]);
  expect(modeOf('slider', 2)).toBe('slider');
  expect(modeOf('slider', 3)).toBe('beside');
  expect(modeOf('flicker', 3)).toBe('flicker');
  expect(modeOf('anything', 2)).toBe('beside');
});

it('the mode that is on leads back to side by side', () => {
  const show = vi.fn();
  for (const action of modeActions('slider', 2, show)) action.run();
  expect(show.mock.calls.flat()).toEqual(['beside', 'beside', 'difference', 'flicker']);
});
