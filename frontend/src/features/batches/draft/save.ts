import type { QueryClient } from '@tanstack/react-query';
import { changeTemplate, makeTemplate } from '../../../api/batches';
import type { Base, BatchDraft } from './draft';

export const templatesKey = ['templates'];

/** Keeps a draft as a version of a template: the one it was begun from, if that is unchanged. */
export async function saveTemplate(
  { definition, base }: BatchDraft,
  client: QueryClient,
): Promise<Base> {
  if (base && base.definition === definition) return base;
  const own = base && !base.sample;
  const saved = own
    ? await changeTemplate(base.templateId, definition, base.version)
    : await makeTemplate(definition);
  await client.invalidateQueries({ queryKey: templatesKey });
  return { templateId: saved.templateId, version: saved.version, sample: false, definition };
}
