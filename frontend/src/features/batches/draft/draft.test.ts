import { expect, it } from 'vitest';
import { job, result } from '../../../testing/samples';
import { BLANK, definitionOfRun, isWritten } from './draft';

it('a run becomes a template with its words, models and settings', () => {
  const text = definitionOfRun(
    job({ prompt: 'A "fox" {{ here }}: now', results: [result(), result({ index: 2 })] }),
    new Map([[2, 'Model Two']]),
  );
  expect(text).toContain('models: ["Model One","Model Two"]');
  expect(text).toContain(String.raw`prompt: "{% raw %}A \"fox\" {{ here }}: now{% endraw %}"`);
  expect(text).toContain('aspect_ratio: "1:1"\n    seed: 7\n');
  expect(text).not.toContain('negative_prompt');
});

it('only what no version has counts as written', () => {
  const base = { templateId: 't', version: 1, sample: false, definition: 'a' };
  expect(isWritten({ definition: 'a', base, seedDataId: '' })).toBe(false);
  expect(isWritten({ definition: 'b', base, seedDataId: '' })).toBe(true);
  expect(isWritten({ definition: BLANK, base: null, seedDataId: '' })).toBe(false);
  expect(isWritten({ definition: ' ', base, seedDataId: '' })).toBe(false);
});
