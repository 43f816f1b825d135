import { expect, it } from 'vitest';
import { model } from '../../testing/samples';
import { usedBy } from './Settings';

const none = model();
const takesSeed = model({ name: 'Seedy', capabilities: { ...none.capabilities, seed: true } });

it('a setting names the models that take it', () => {
  expect(usedBy('seed', [none, takesSeed])).toBe('Only Seedy.');
  expect(usedBy('seed', [takesSeed, takesSeed])).toBe('All chosen models take it.');
  expect(usedBy('seed', [none])).toBe('None of the chosen models takes it.');
  expect(usedBy('seed', [none, ...Array(4).fill(takesSeed)])).toBe('4 of 5 chosen models take it.');
});

it('a choice names the models that know the one that is wished', () => {
  const large = { ...none.capabilities, resolutions: ['1K' as const, '2K' as const] };
  const larger = model({ name: 'Larger', capabilities: large });
  expect(usedBy('resolutions', [none, larger], '2K')).toBe('Only Larger.');
  expect(usedBy('resolutions', [none, larger], '4K')).toBe('None of the chosen models takes it.');
  expect(usedBy('resolutions', [none])).toBe('None of the chosen models takes it.');
});
