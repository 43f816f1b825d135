import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeTemplate, getTemplate, makeTemplate } from '../../../api/batches';
import { ApiError } from '../../../api/client';
import { showToast } from '../../../ui/toast';
import { type Base, type BatchDraft, baseOf } from './draft';

export const templatesKey = ['templates'];

/** What stands in the way of keeping a text: a newer version than its own, or that the template is gone. */
export type Conflict = { newer: Base } | 'gone';

/** Keeps a draft as a version of a template: the one it was begun from, if that is unchanged. */
async function saveTemplate({ definition, base }: BatchDraft, client: QueryClient): Promise<Base> {
  if (base && base.definition === definition) return base;
  const own = base && !base.sample;
  const saved = own
    ? await changeTemplate(base.templateId, definition, base.version)
    : await makeTemplate(definition);
  await client.invalidateQueries({ queryKey: templatesKey });
  return { templateId: saved.templateId, version: saved.version, sample: false, definition };
}

export interface Saving {
  busy: boolean;
  conflict: Conflict | null;
  /** Keeps what is written and tells it. */
  save(draft?: BatchDraft): void;
  /** Keeps what is written, for somebody who needs the version; fails with the server's sentence. */
  kept(draft?: BatchDraft): Promise<Base>;
}

/** Keeping what is written; who was overtaken by somebody else is told so and loses nothing. */
export function useSave(written: BatchDraft, onChange: (part: { base: Base }) => void): Saving {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const kept = async (draft = written): Promise<Base> => {
    setBusy(true);
    try {
      const base = await saveTemplate(draft, client);
      onChange({ base });
      setConflict(null);
      return base;
    } catch (error) {
      setConflict(await conflictOf(error, draft));
      throw error;
    } finally {
      setBusy(false);
    }
  };
  const save = (draft = written) => {
    kept(draft).then(
      ({ version }) => showToast({ text: `Kept as version ${version}.` }),
      (error: Error) => showToast({ text: error.message }),
    );
  };
  // It is over as soon as another text is begun from.
  const stands = conflict === 'gone' ? written.base !== null : isNewer(conflict, written);
  return { busy, conflict: stands ? conflict : null, save, kept };
}

const isNewer = (conflict: { newer: Base } | null, { base }: BatchDraft): boolean =>
  conflict !== null &&
  conflict.newer.templateId === base?.templateId &&
  conflict.newer.version > base.version;

async function conflictOf(error: unknown, { base }: BatchDraft): Promise<Conflict | null> {
  if (!(error instanceof ApiError) || !base) return null;
  if (error.status === 404) return 'gone';
  if (error.status !== 412) return null;
  return getTemplate(base.templateId).then(
    (newest) => ({ newer: baseOf(newest) }),
    () => null,
  );
}
