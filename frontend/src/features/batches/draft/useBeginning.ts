import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { getTemplate } from '../../../api/batches';
import { getJob, getModels } from '../../../api/client';
import { askedAction } from '../../../lib/actions';
import { showToast } from '../../../ui/toast';
import { type BatchDraft, baseOf, definitionOfRun, draftStore, isWritten } from './draft';

/** What a visitor begins with: it needs no word and no file of theirs. */
const FIRST = 'sample-product-pictures';

/**
 * Fills the draft with what the address names: `?run=`, or `?template=…&version=…&data=…`; an empty
 * one with a sample.
 */
export function useBeginning(): void {
  const [search] = useSearchParams();
  const named = search.toString();
  useEffect(() => {
    const isEmpty = draftStore.get().definition === '';
    if (!named && !isEmpty) return;
    beginningOf(new URLSearchParams(named)).then(
      (beginning) => beginning && put(beginning),
      (error: Error) => showToast({ text: error.message }),
    );
  }, [named]);
}

async function beginningOf(search: URLSearchParams): Promise<BatchDraft | null> {
  const run = search.get('run');
  if (run) {
    const [job, { models }] = await Promise.all([getJob(run), getModels()]);
    const names = new Map(models.map(({ index, name }) => [index, name]));
    const { seedDataId } = draftStore.get();
    return { definition: definitionOfRun(job, names), base: null, seedDataId };
  }
  const version = Number(search.get('version')) || undefined;
  const found = await getTemplate(search.get('template') ?? FIRST, version);
  const seedDataId = search.get('data') ?? (found.sample ? found.templateId : '');
  return { definition: found.definition, base: baseOf(found), seedDataId };
}

/** Words that would be lost are asked for first. */
function put(beginning: BatchDraft): void {
  const run = () => {
    draftStore.set(beginning);
    if (location.search) navigate('/batches/new', { replace: true });
  };
  if (!isWritten(draftStore.get())) run();
  else
    askedAction.set({
      id: 'begin-batch',
      label: 'Put it into the editor',
      group: 'Page',
      ask: 'The template that you have been writing is in no version yet, and goes.',
      run,
    });
}
