import { expect, it } from 'vitest';
import { lineDiff, type Piece, wordDiff } from './diff';

const side = (pieces: Piece[], ...kinds: Piece['kind'][]) =>
  pieces.flatMap(({ kind, text }) => (kinds.includes(kind) ? text : [])).join('');

it.each([
  ['a fox', 'a red fox in snow'],
  ['one two three', 'three two one'],
  ['', 'anything, really'],
  ['gone entirely', ''],
  ['ein Bär — groß', 'ein großer Bär'],
])('from %j to %j, both texts can be read off the pieces', (before, after) => {
  const pieces = wordDiff(before, after);
  expect(side(pieces, 'same', 'removed')).toBe(before);
  expect(side(pieces, 'same', 'added')).toBe(after);
});

it('marks only what changed', () => {
  expect(wordDiff('a fox in the snow', 'a fox in the snow, at dusk')).toEqual([
    { kind: 'same', text: 'a fox in the snow' },
    { kind: 'added', text: ', at dusk' },
  ]);
});

it('goes line by line, whatever the lines end with', () => {
  expect(lineDiff('name: a\nsteps:\n  - old', 'name: a\r\n# new\r\nsteps:\r\n  - old')).toEqual([
    { kind: 'same', text: 'name: a' },
    { kind: 'added', text: '# new' },
    { kind: 'same', text: 'steps:' },
    { kind: 'same', text: '  - old' },
  ]);
});

it('says of texts that are too long to compare that all between their shared ends is new', () => {
  const lines = (word: string) => Array.from({ length: 2000 }, (_, n) => `${word}${n}`);
  const pieces = lineDiff(
    ['first', ...lines('a'), 'last'].join('\n'),
    ['first', ...lines('b'), 'last'].join('\n'),
  );
  expect(pieces.filter(({ kind }) => kind === 'same').map(({ text }) => text)).toEqual([
    'first',
    'last',
  ]);
  expect(pieces).toHaveLength(4002);
});
