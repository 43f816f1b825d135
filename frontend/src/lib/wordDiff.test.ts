import { expect, it } from 'vitest';
import { type Piece, wordDiff } from './wordDiff';

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
