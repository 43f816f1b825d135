export interface Piece {
  text: string;
  kind: 'same' | 'added' | 'removed';
}

/** Word by word, what a text lost and gained on its way to another. */
export function wordDiff(before: string, after: string): Piece[] {
  const [a, b] = [words(before), words(after)];
  const common = commonLengths(a, b);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      push(pieces, 'same', a[i++]);
      j++;
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      push(pieces, 'removed', a[i++]);
    } else push(pieces, 'added', b[j++]);
  }
  return pieces;
}

const words = (text: string) => text.match(/\s*([\p{L}\p{N}’'-]+|\S)/gu) ?? [];

const at = (table: number[][], i: number, j: number) => table[i]?.[j] ?? 0;

/** How many words the rests of both texts share in order, for every pair of starts. */
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

function push(pieces: Piece[], kind: Piece['kind'], text = ''): void {
  const last = pieces.at(-1);
  if (last?.kind === kind) last.text += text;
  else pieces.push({ kind, text });
}
