import { expect, it } from 'vitest';
import { job, picture } from '../testing/samples';
import { manifest } from './saveZip';

it('a manifest tells how each file came to be', () => {
  const told = manifest(job(), [picture({ seed: 9 })]);
  expect(told).toMatchObject({
    jobId: 'job-1',
    prompt: 'A fox in the snow',
    parameters: { aspectRatio: '1:1' },
    pictures: [{ file: '2026-11-21 fox-in-the 01 model-one.png', seed: 9, modelId: 'model-one' }],
  });
  expect(told).not.toHaveProperty('results');
});
