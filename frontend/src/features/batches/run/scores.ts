import type { Batch, Cell, Row } from '../../../api/batches';

/** A score from which on a picture counts as kept. */
export const KEPT_FROM = 4;
/** Fewer scores than this say little. */
const FEW = 10;

/** What the pictures that one model drew for one step came to, and what judges said of them. */
export interface ModelScore {
  step: string;
  model: string;
  pictures: number;
  /** Judgements, and all their scores together. */
  scores: number;
  sum: number;
  kept: number;
  /** Dollars of all its calls, those that failed as well. */
  usd: number;
  /** Calls whose cost nobody knows. */
  unknown: number;
}

export const hasJudges = ({ columns }: Pick<Batch, 'columns'>): boolean =>
  columns.some(({ kind }) => kind === 'judge');

/** The score of a judge's cell; null where there is none. */
function scoreOf({ of, output }: Cell): number | null {
  const score = (output as { score?: unknown } | null | undefined)?.score;
  return of && typeof score === 'number' ? score : null;
}

const placeOf = ({ step, model, point }: { step: string; model: string; point: number }) =>
  [step, model, point].join('\n');

/** Every model's pictures in these rows; a picture that several judges scored counts by their mean. */
export function modelScores(rows: Row[], { columns }: Pick<Batch, 'columns'>): ModelScore[] {
  const found = new Map<string, ModelScore>();
  for (const { step, models, kind } of columns)
    if (kind === 'image')
      for (const model of models)
        found.set(`${step}\n${model}`, {
          ...{ step, model, pictures: 0, scores: 0, sum: 0, kept: 0, usd: 0, unknown: 0 },
        });
  for (const { cells } of rows) {
    const judged = judgedOf(cells);
    for (const cell of cells) {
      const of = found.get(`${cell.step}\n${cell.model}`);
      if (of) add(of, cell, judged.get(placeOf(cell)) ?? []);
    }
  }
  return [...found.values()].filter(({ pictures, unknown, usd }) => pictures + unknown + usd > 0);
}

function judgedOf(cells: Cell[]): Map<string, number[]> {
  const judged = new Map<string, number[]>();
  for (const cell of cells) {
    const score = scoreOf(cell);
    if (score === null || !cell.of) continue;
    const place = placeOf(cell.of);
    judged.set(place, [...(judged.get(place) ?? []), score]);
  }
  return judged;
}

function add(to: ModelScore, { imageUrl, cost }: Cell, scores: number[]): void {
  const sum = scores.reduce((all, score) => all + score, 0);
  if (imageUrl) to.pictures++;
  to.scores += scores.length;
  to.sum += sum;
  if (scores.length > 0 && sum / scores.length >= KEPT_FROM) to.kept++;
  if (cost && cost.amount === null) to.unknown++;
  to.usd += cost?.amount ?? 0;
}

/** What one kept picture cost; null where there is none. */
export const usdPerKept = ({ usd, kept }: Pick<ModelScore, 'usd' | 'kept'>): number | null =>
  kept > 0 ? usd / kept : null;

/** What there is to say where the scores are few; empty otherwise. */
export function fewSentence(models: ModelScore[]): string {
  const few = models.filter(({ scores }) => scores < FEW);
  if (few.length === 0) return '';
  const who =
    few.length === models.length ? 'Each model' : few.map(({ model }) => model).join(', ');
  return `${who}: fewer than ${FEW} scores, so that chance may have decided.`;
}
