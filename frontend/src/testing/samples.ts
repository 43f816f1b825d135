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
