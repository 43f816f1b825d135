import { expect, it } from 'vitest';
import { lineDiff } from '../../../lib/diff';
import { folded } from './folded';

it('keeps three lines around a change, and counts the others', () => {
  const lines = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
  const before = lines.join('\n');
  const shown = folded(lineDiff(before, before.replace('5', 'five')));
  expect(shown.map((line) => (line.kind === 'folded' ? line.lines : line.text))).toEqual([
    2,
    '2',
    '3',
    '4',
    '5',
    'five',
    '6',
    '7',
    '8',
    1,
  ]);
});

it('has nothing but a number where nothing changed', () => {
  expect(folded(lineDiff('a\nb', 'a\nb'))).toEqual([{ kind: 'folded', lines: 2 }]);
});
