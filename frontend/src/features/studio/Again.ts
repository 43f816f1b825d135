import { useEffect, useRef } from 'react';
import { useSearchParams } from 'wouter';
import { getJob } from '../../api/client';
import { isHidden, VARIANTS_APART } from '../../api/named';
import { useModels } from '../../api/queries';
import type { Job, Model, ModelsResponse, Result } from '../../api/types';
import { dollars, plural } from '../../lib/format';
import type { Take } from '../../pictures/reuse';
import { showToast } from '../../ui/toast';
import { useSearchParam } from '../../ui/useSearchParam';
import { chosenModels, type Draft, draftStore, EMPTY_DRAFT, isUsable, RANGED } from './draft';
import { timesEach } from './estimate';
import { unfoldSettings } from './folds';
import { replaceDraft, replacePrompt } from './replaceDraft';

/** Fills the composer from an earlier run, in whole or in part, and says what is not as it was. */
export default function Again({ source }: { source: string }) {
  const [, setSearch] = useSearchParams();
  const asked = useRef<Asked>({ take: 'all', slot: 0 });
  asked.current = useAsked();
  const catalog = useModels().data;
  const clear = useRef(() => {});
  clear.current = () =>
    setSearch(
      (now) => {
        const rest = new URLSearchParams(now);
        for (const name of ['from', 'take', 'slot']) rest.delete(name);
        return rest;
      },
      { replace: true },
    );
  useEffect(() => {
    if (!catalog) return;
    const aborter = new AbortController();
    getJob(source, aborter.signal)
      .then((job) => fill(job, catalog, asked.current))
      .catch((error: Error) => aborter.signal.aborted || showToast({ text: error.message }))
      .finally(() => aborter.signal.aborted || clear.current());
    return () => aborter.abort();
  }, [source, catalog]);
  return null;
}

interface Asked {
  take: Take;
  slot: number;
}

const TAKES: Take[] = ['all', 'prompt', 'seed', 'others', 'vary'];

function useAsked(): Asked {
  const [take] = useSearchParam('take');
  const [slot] = useSearchParam('slot');
  return { take: TAKES.find((known) => known === take) ?? 'all', slot: Number(slot) };
}

function fill(job: Job, catalog: ModelsResponse, asked: Asked): void {
  if (asked.take === 'prompt') replacePrompt(job.prompt, 'Prompt taken from the run.');
  else if (asked.take === 'seed') fillSeed(job, asked.slot);
  else fillRun(job, catalog, asked.take);
}

function fillSeed({ results }: Job, slot: number): void {
  const seed = results.find(({ index }) => index === slot)?.seed;
  if (seed == null) showToast({ text: 'That picture has no seed.' });
  else replaceDraft({ ...draftStore.get(), seed }, `Seed ${seed} taken.`);
}

function fillRun(job: Job, catalog: ModelsResponse, take: Take): void {
  if (isHidden(job)) {
    const { models } = draftStore.get();
    const draft = { ...fromJob({ ...job, results: [] }, catalog).draft, models, blind: true };
    replaceDraft(draft, 'Filled in from the run, but for its models, which are not told yet.');
    return;
  }
  const { draft, missing } = fromJob(job, catalog);
  const models = take === 'others' ? others(job, catalog.models) : draft.models;
  const filled = { ...draft, models };
  const chosen = chosenModels(filled, catalog.models);
  if (take === 'others' && chosen.length === 0) {
    showToast({ text: 'Every model that is on has drawn this run.' });
    return;
  }
  const gone = take === 'others' ? [] : missing;
  // The prices here are those without a wish.
  const { quality, resolution, variants } = filled;
  const priced = quality || resolution ? [] : timesEach(chosen, variants);
  replaceDraft(filled, [SAID[take], ...changes(job, priced, gone)].join(' '));
  if (take === 'vary') unfoldSettings();
}

const SAID: Partial<Record<Take, string>> = {
  all: 'Filled in from the run.',
  others: 'Filled in, with the models that have not drawn it.',
  vary: 'Filled in from the run: change what shall differ.',
};

/** The models that are on and have no part in a run. */
export function others({ results }: Pick<Job, 'results'>, models: Model[]): number[] {
  const drew = results.map((result) => slotOf(result, models));
  return models
    .filter((model) => isUsable(model) && !drew.includes(model.index))
    .map(({ index }) => index);
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
    ...(parameters.variants && { variants: parameters.variants }),
    ...(parameters.quality && { quality: parameters.quality }),
    ...(parameters.resolution && { resolution: parameters.resolution }),
    seed: seed ?? null,
    models: found.length > 0 && found.length === models.length ? null : found,
  };
  return { draft, missing: results.filter((_, at) => !slots[at]).map(({ model }) => model) };
}

/** Where the model of a result is configured now: in its own slot, or in another. */
function slotOf({ index, provider, modelId }: Result, models: Model[]): number | undefined {
  const slot = index % VARIANTS_APART;
  const same = models.filter((model) => model.provider === provider && model.modelId === modelId);
  return (same.find((model) => model.index === slot) ?? same[0])?.index;
}
