import type { Batch, Cell, Row } from '../api/batches';
import type { Job, Model, Result } from '../api/types';
import type { Picture } from '../pictures/select';

/** A model that takes nothing and costs a little, but for what a test says of it. */
export function model(change: Partial<Model> = {}): Model {
  return {
    index: 1,
    name: 'Model One',
    provider: 'openai',
    modelId: 'model-one',
    simulated: true,
    enabled: true,
    capabilities: {
      seed: false,
      negativePrompt: false,
      steps: false,
      guidance: false,
      control: false,
      aspectRatios: ['1:1', '16:9'],
      qualities: [],
      resolutions: [],
      edit: false,
    },
    price: { amount: 0.04, basis: 'estimated', asOf: '2026-11' },
    ...change,
  };
}

export function result(change: Partial<Result> = {}): Result {
  return {
    index: 1,
    model: 'Model One',
    provider: 'openai',
    modelId: 'model-one',
    status: 'pending',
    attempt: 1,
    simulated: true,
    ...change,
  };
}

export function picture(change: Partial<Picture> = {}): Picture {
  return {
    ...result({ status: 'completed' }),
    imageUrl: '/group-images/t/one.png',
    thumbUrl: '/group-images/t/one.thumb.webp',
    contentType: 'image/png',
    width: 1024,
    height: 1024,
    bytes: 1_234_567,
    seed: 7,
    duration: 2.5,
    requested: { aspectRatio: '1:1' },
    ignored: [],
    cost: { amount: 0.04, basis: 'exact' },
    ...change,
  };
}

export function job(change: Partial<Job> = {}): Job {
  const results = change.results ?? [result()];
  return {
    jobId: 'job-1',
    status: 'in_progress',
    seq: 1,
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-21T10:00:00.000Z',
    prompt: 'A fox in the snow',
    parameters: { steps: 28, guidance: 5, control: 1, seed: 7, aspectRatio: '1:1', models: [1] },
    target: 'target-1',
    totalModels: results.length,
    completedModels: 0,
    failedModels: 0,
    results,
    simulated: true,
    ...change,
  };
}

/** A batch of ten rows, one text and pictures of two models, that runs. */
export function batch(change: Partial<Batch> = {}): Batch {
  return {
    batchId: 'b1',
    name: 'Product pictures',
    state: 'running',
    seq: 1,
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-21T10:00:00.000Z',
    plan: {
      rows: 10,
      calls: 30,
      pictures: 20,
      expectedUsd: 0.8,
      worstUsd: 1.1,
      unpriced: [],
      seconds: 90,
      fits: true,
    },
    budget: { limit: 5, spent: 0.4, reserved: 0.08, unknown: 0.04, left: 4.52 },
    rows: { total: 10, done: 3, failed: 1, running: 2, waiting: 4, skipped: 0 },
    pictures: 7,
    tokens: { input: 120, output: 300 },
    spendBy: [],
    rate: { rowsPerMinute: 12, etaSeconds: 30 },
    problems: [],
    template: { templateId: 't1', version: 1 },
    seedData: { seedDataId: 's1' },
    columns: [
      { step: 'brief', kind: 'text', models: ['Writer'], points: 1 },
      { step: 'picture', kind: 'image', models: ['Model One', 'Model Two'], points: 1 },
    ],
    ...change,
  };
}

export function cell(change: Partial<Cell> = {}): Cell {
  return { step: 'brief', model: 'Writer', point: 0, state: 'done', attempt: 1, ...change };
}

export function row(change: Partial<Row> = {}): Row {
  return { row: 1, state: 'waiting', data: { name: 'a lamp' }, cells: [], ...change };
}
