import type { Definition } from '../../../api/batches';
import type { Job } from '../../../api/types';
import { createStored } from '../../../lib/stored';

/** The template's version that a text was begun from. */
export interface Base {
  templateId: string;
  version: number;
  sample: boolean;
  definition: string;
}

export interface BatchDraft {
  definition: string;
  base: Base | null;
  seedDataId: string;
}

/** What is being written; a tab keeps its own over a reload. */
export const draftStore = createStored<BatchDraft>(
  'batch',
  { definition: '', base: null, seedDataId: '' },
  true,
);

export const BLANK = `name: My batch
steps:
  - id: picture
    kind: image
    models: all
    prompt: "{{ name }}"
`;

export const baseOf = ({ templateId, version, sample, definition }: Definition): Base => ({
  templateId,
  version,
  sample,
  definition,
});

/** True while there are words that no version of a template has. */
export const isWritten = ({ definition, base }: BatchDraft): boolean =>
  definition.trim() !== '' && definition !== (base?.definition ?? BLANK);

/** Text that the template language takes as it stands. */
const raw = (text: string) => (/\{[{%#]/.test(text) ? `{% raw %}${text}{% endraw %}` : text);

/** A template that draws what a run has drawn, for every row; JSON's texts are YAML's as well. */
export function definitionOfRun(job: Job, names: Map<number, string>): string {
  const { aspectRatio, seed, negativePrompt } = job.parameters;
  const models = job.results.map(({ index, model }) => names.get(index) ?? model);
  const lines = [
    `name: ${JSON.stringify(job.prompt.slice(0, 60))}`,
    'steps:',
    '  - id: picture',
    '    kind: image',
    `    models: ${JSON.stringify(models)}`,
    '    # {{ name }} stands for what each row has under that name.',
    `    prompt: ${JSON.stringify(raw(job.prompt))}`,
    `    aspect_ratio: ${JSON.stringify(aspectRatio)}`,
    seed != null && seed >= 0 && `    seed: ${seed}`,
    negativePrompt && `    negative_prompt: ${JSON.stringify(raw(negativePrompt))}`,
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}
