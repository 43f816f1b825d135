import { useEffect, useRef } from 'react';
import { getJob } from '../../api/client';
import { useModels } from '../../api/queries';
import type { Job, Model, ModelsResponse, Result } from '../../api/types';
import { dollars, plural } from '../../lib/format';
import { showToast } from '../../ui/toast';
import { useSearchParam } from '../../ui/useSearchParam';
import { chosenModels, type Draft, EMPTY_DRAFT, RANGED } from './draft';
import { replaceDraft } from './replaceDraft';

/** Fills the composer from an earlier run, and says what is not as it was. */
export default function Again({ source }: { source: string }) {
  const [, setSource] = useSearchParam('from');
  const catalog = useModels().data;
  const clear = useRef(() => {});
  clear.current = () => setSource(null);
  useEffect(() => {
    if (!catalog) return;
    const aborter = new AbortController();
    getJob(source, aborter.signal)
      .then((job) => fill(job, catalog))
      .catch((error: Error) => aborter.signal.aborted || showToast({ text: error.message }))
      .finally(() => aborter.signal.aborted || clear.current());
    return () => aborter.abort();
  }, [source, catalog]);
  return null;
}

function fill(job: Job, catalog: ModelsResponse): void {
  const { draft, missing } = fromJob(job, catalog);
  const chosen = chosenModels(draft, catalog.models);
  replaceDraft(draft, ['Filled in from the run.', ...changes(job, chosen, missing)].join(' '));
}

/** What is no longer as it was: models that are gone, and a price above what that run took. */
export function changes(
  { results }: Pick<Job, 'results'>,
  chosen: ModelsResponse['models'],
  missing: string[],
): string[] {
  const sum = (amounts: (number | null | undefined)[]) =>
    amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);
  const now = sum(chosen.map(({ price }) => price.amount));
  const then = sum(results.map(({ cost }) => cost?.amount));
  const unknown = chosen.filter(({ price }) => price.amount === null).length;
  return [
    missing.length > 0 && `No longer configured: ${missing.join(', ')}.`,
    then === 0 && now > 0 && `It may cost ≈ ${dollars(now)}.`,
    then > 0 &&
      now > then + 0.0005 &&
      `It may cost more: ≈ ${dollars(now)}; that run took ${dollars(then)}.`,
    unknown > 0 && `Of ${plural(unknown, 'model')} the price is unknown.`,
  ].filter((change) => change !== false);
}

/** The draft that would make this job again with the same models, and the names of those gone. */
export function fromJob(
  { prompt, parameters, results }: Pick<Job, 'prompt' | 'parameters' | 'results'>,
  { parameters: ranges, models }: Pick<ModelsResponse, 'parameters' | 'models'>,
): { draft: Draft; missing: string[] } {
  const { aspectRatio, negativePrompt, seed } = parameters;
  const chosen = RANGED.filter((name) => parameters[name] !== ranges[name]?.default).map((name) => [
    name,
    parameters[name],
  ]);
  const slots = results.map((result) => slotOf(result, models));
  const found = models.map(({ index }) => index).filter((index) => slots.includes(index));
  const draft = {
    ...EMPTY_DRAFT,
    ...Object.fromEntries(chosen),
    prompt,
    aspectRatio,
    negativePrompt: negativePrompt ?? '',
    seed: seed ?? null,
    models: found.length > 0 && found.length === models.length ? null : found,
  };
  return { draft, missing: results.filter((_, at) => !slots[at]).map(({ model }) => model) };
}

/** Where the model of a result is configured now: in its own slot, or in another. */
function slotOf({ index, provider, modelId }: Result, models: Model[]): number | undefined {
  const same = models.filter((model) => model.provider === provider && model.modelId === modelId);
  return (same.find((model) => model.index === index) ?? same[0])?.index;
}
