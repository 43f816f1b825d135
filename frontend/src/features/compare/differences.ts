import { bytes, cost, seconds } from '../../lib/format';
import { settingName } from '../../pictures/names';
import type { Picture } from '../../pictures/select';

export interface Row {
  name: string;
  values: string[];
}

const FACTS: Record<string, (picture: Picture) => string> = {
  Provider: ({ provider }) => provider,
  'Model id': ({ modelId }) => modelId,
  Size: ({ width, height }) => `${width}×${height}`,
  Seed: ({ seed }) => String(seed ?? 'none'),
  Time: ({ duration }) => (duration == null ? 'unknown' : seconds(duration)),
  Cost: (picture) => cost(picture.cost),
  File: ({ bytes: size, contentType }) =>
    `${size == null ? 'unknown' : bytes(size)}, ${contentType?.replace('image/', '')}`,
  Ignored: ({ ignored }) => ignored?.map(settingName).join(', ') || 'nothing',
  'Revised prompt': ({ revisedPrompt }) => revisedPrompt ?? 'not revised',
};

/** The facts in which these pictures differ; what they share is left out. */
export function differences(pictures: Picture[]): Row[] {
  return Object.entries(FACTS)
    .map(([name, read]) => ({ name, values: pictures.map(read) }))
    .filter(({ values }) => new Set(values).size > 1);
}
