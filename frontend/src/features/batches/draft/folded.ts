import type { Piece } from '../../../lib/diff';

/** Lines that stay in sight around a change. */
const AROUND = 3;

export interface Fold {
  kind: 'folded';
  lines: number;
}

/** The lines of a difference; long stretches that stayed the same become their number. */
export function folded(lines: Piece[]): (Piece | Fold)[] {
  const changed = lines.flatMap(({ kind }, at) => (kind === 'same' ? [] : at));
  const isNear = (at: number) => changed.some((change) => Math.abs(change - at) <= AROUND);
  const shown: (Piece | Fold)[] = [];
  lines.forEach((line, at) => {
    const last = shown.at(-1);
    if (isNear(at)) shown.push(line);
    else if (last?.kind === 'folded') last.lines++;
    else shown.push({ kind: 'folded', lines: 1 });
  });
  return shown;
}
