import { expect, it } from 'vitest';
import { job, picture } from '../testing/samples';
import { fileName } from './names';
import { manifest } from './saveZip';

it('a file is named by slot and model, with the ending of its true type', () => {
  const shown = { index: 4, model: 'FLUX.2 [pro] 1.1' };
  expect(fileName(picture({ ...shown, contentType: 'image/jpeg' }))).toBe('04-flux-2-pro-1-1.jpg');
  expect(fileName(picture({ ...shown, contentType: 'image/gif' }))).toBe('04-flux-2-pro-1-1.gif');
  expect(fileName(picture({ ...shown, contentType: 'text/html' }))).toBe('04-flux-2-pro-1-1.bin');
});

it('a manifest tells how each file came to be', () => {
  const told = manifest(job(), [picture({ seed: 9 })]);
  expect(told).toMatchObject({
    jobId: 'job-1',
    prompt: 'A fox in the snow',
    parameters: { aspectRatio: '1:1' },
    pictures: [{ file: '01-model-one.png', seed: 9, modelId: 'model-one' }],
  });
  expect(told).not.toHaveProperty('results');
});
