export interface Piece {
  text: string;
  kind: 'same' | 'added' | 'removed';
}

/** Pairs that are compared at most: beyond, all is said to be gone and all to be new. */
const MOST_PAIRS = 2_000_000;

/** Word by word, what a text lost and gained on its way to another. */
export function wordDiff(before: string, after: string): Piece[] {
  const joined: Piece[] = [];
  for (const piece of differences(words(before), words(after))) {
    const last = joined.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else joined.push(piece);
  }
  return joined;
}

/** The same line by line: every piece is one line, without its end. */
export const lineDiff = (before: string, after: string): Piece[] =>
  differences(before.split(/\r?\n/), after.split(/\r?\n/));

const words = (text: string): string[] => text.match(/\s*([\p{L}\p{N}’'-]+|\S)/gu) ?? [];

const all = (texts: string[], kind: Piece['kind']): Piece[] =>
  texts.map((text) => ({ text, kind }));

/** What two lists share at both ends needs no comparing. */
function differences(a: string[], b: string[]): Piece[] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return [
    ...all(a.slice(0, start), 'same'),
    ...between(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...all(a.slice(a.length - end), 'same'),
  ];
}

function between(a: string[], b: string[]): Piece[] {
  if (a.length * b.length > MOST_PAIRS) return [...all(a, 'removed'), ...all(b, 'added')];
  const common = commonLengths(a, b);
  const pieces: Piece[] = [];
  const push = (kind: Piece['kind'], text = '') => pieces.push({ text, kind });
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      push('same', a[i++]);
      j++;
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      push('removed', a[i++]);
    } else push('added', b[j++]);
  }
  return pieces;
}

const at = (table: number[][], i: number, j: number) => table[i]?.[j] ?? 0;

/** How much the rests of both lists share in order, for every pair of starts. */
function commonLengths(a: string[], b: string[]): number[][] {
  const table: number[][] = Array.from({ length: a.length + 1 }, () => []);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const shared = a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : 0;
      (table[i] as number[])[j] = shared || Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}
