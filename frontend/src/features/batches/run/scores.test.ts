import { expect, it } from 'vitest';
import type { Batch, Cell, Row } from '../../../api/batches';
import { fewSentence, modelScores, usdPerKept } from './scores';

const columns: Batch['columns'] = [
  { step: 'picture', kind: 'image', models: ['A', 'B'], points: 1 },
  { step: 'check', kind: 'judge', models: ['Judge'], points: 2 },
];

const cell = (part: Partial<Cell>): Cell => ({
  step: 'picture',
  model: 'A',
  point: 0,
  state: 'done',
  attempt: 1,
  ...part,
});

const picture = (model: string, amount: number | null): Cell =>
  cell({ model, imageUrl: '/p.png', cost: { amount, basis: amount ? 'exact' : 'unknown' } });

const judgement = (model: string, score: number, point = 0): Cell =>
  cell({
    step: 'check',
    model: 'Judge',
    point,
    of: { step: 'picture', model, point: 0 },
    output: { score, reason: 'It does.' },
  });

const row = (number: number, cells: Cell[]): Row => ({
  row: number,
  state: 'done',
  data: {},
  cells,
});

it('a model has its pictures, their scores, and what each kept one cost', () => {
  const rows = [
    row(1, [picture('A', 0.04), picture('B', 0.01), judgement('A', 5), judgement('B', 2, 1)]),
    row(2, [picture('A', 0.04), judgement('A', 3)]),
  ];
  const [a, b] = modelScores(rows, { columns });
  expect(a).toMatchObject({ model: 'A', pictures: 2, scores: 2, sum: 8, kept: 1, unknown: 0 });
  expect(b).toMatchObject({ model: 'B', pictures: 1, scores: 1, sum: 2, kept: 0 });
  expect(a && usdPerKept(a)).toBeCloseTo(0.08);
  expect(b && usdPerKept(b)).toBeNull();
});

it('a picture that several judges saw counts by the mean of what they said', () => {
  const cells = [picture('A', 0.01), judgement('A', 5), { ...judgement('A', 2), model: 'Second' }];
  expect(modelScores([row(1, cells)], { columns })).toMatchObject([{ scores: 2, kept: 0 }]);
});

it('a call that failed costs as well, and an unknown cost is counted, not taken for nothing', () => {
  const failed = cell({ state: 'failed', cost: { amount: 0.02, basis: 'exact' } });
  const [a] = modelScores([row(1, [failed]), row(2, [picture('A', null)])], { columns });
  expect(a).toMatchObject({ pictures: 1, usd: 0.02, unknown: 1, scores: 0 });
});

it('says of whom there is little to go by', () => {
  const one = modelScores([row(1, [picture('A', 0.01), judgement('A', 5)])], { columns });
  expect(fewSentence(one)).toContain('Each model: fewer than 10 scores');
  expect(fewSentence(one.map((each) => ({ ...each, scores: 10 })))).toBe('');
});
