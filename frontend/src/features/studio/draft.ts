import type { AspectRatio, GenerateRequest, Model, Quality, Resolution } from '../../api/types';
import { createStored } from '../../lib/stored';

/** What the composer holds. An absent setting is left to each model. */
export interface Draft {
  prompt: string;
  negativePrompt: string;
  aspectRatio: AspectRatio;
  /** Null: every run draws with a fresh seed. */
  seed: number | null;
  steps?: number;
  guidance?: number;
  control?: number;
  /** Nothing tells which picture is whose until there is a verdict. */
  blind?: boolean;
  /** How many pictures each model draws. */
  variants?: number;
  quality?: Quality;
  resolution?: Resolution;
  /** Null: all models, those configured later included. */
  models: number[] | null;
}

export const EMPTY_DRAFT: Draft = {
  prompt: '',
  negativePrompt: '',
  aspectRatio: '1:1',
  seed: null,
  models: null,
};

export const RANGED = ['steps', 'guidance', 'control'] as const;
const HISTORY_LENGTH = 50;

/** Two tabs may hold two half-written prompts; what was written last is what a new tab begins with. */
export const draftStore = createStored<Draft>('draft', EMPTY_DRAFT, true);
export const historyStore = createStored<string[]>('history', []);
export const savedDrafts = createStored<Draft[]>('saved-drafts', []);

export const editDraft = (change: Partial<Draft>) =>
  draftStore.set({ ...draftStore.get(), ...change });

/** Puts a prompt first in the history, once. */
export function remember(prompt: string): void {
  const others = historyStore.get().filter((other) => other !== prompt);
  historyStore.set([prompt, ...others].slice(0, HISTORY_LENGTH));
}

const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Z}\u2800]/u;

/** Whether there is anything to see; some characters leave nothing on their own. */
export const isVisible = (text: string): boolean => VISIBLE.test(text);

/** As the server counts: characters, without the blanks around them; what cannot be seen is nothing. */
export const promptLength = (prompt: string): number =>
  isVisible(prompt) ? [...prompt.trim()].length : 0;

export function saveDraft(draft: Draft): void {
  savedDrafts.set([draft, ...savedDrafts.get()].slice(0, HISTORY_LENGTH));
}

/** Of 31 bits: some providers take no more, and every model shall draw with the same one. */
export function randomSeed(): number {
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  return seed >>> 1;
}

/** Whether a model draws for this person now; its `reason` says why not. */
export const isUsable = ({ enabled, allowed }: Model): boolean => enabled && allowed !== false;

/** The slots this draft goes to, of those that exist now and can be used. */
export function chosenModels(draft: Draft, models: Model[]): Model[] {
  return models.filter(
    (model) => isUsable(model) && (draft.models === null || draft.models.includes(model.index)),
  );
}

/** The request for a draft; settings nobody touched are not sent, so no model "ignores" them. */
export function toRequest(draft: Draft, models: Model[]): GenerateRequest {
  const { prompt, negativePrompt, seed, models: chosen, ...settings } = draft;
  return {
    ...settings,
    prompt: prompt.trim(),
    seed: seed ?? randomSeed(),
    ...(isVisible(negativePrompt) ? { negativePrompt: negativePrompt.trim() } : {}),
    ...(chosen ? { models: chosenModels(draft, models).map(({ index }) => index) } : {}),
  };
}

/** What is set beside prompt and models, where it is not simply the default. */
export function settingsOf(draft: Draft): string[] {
  const { aspectRatio, seed, negativePrompt, blind } = draft;
  return [
    blind && 'blind',
    aspectRatio !== EMPTY_DRAFT.aspectRatio && aspectRatio,
    seed !== null && `seed ${seed}`,
    ...RANGED.map((name) => draft[name] !== undefined && `${name} ${draft[name]}`),
    draft.quality && `quality ${draft.quality}`,
    draft.resolution,
    draft.variants && `${draft.variants} of each model`,
    isVisible(negativePrompt) && `without “${negativePrompt.trim()}”`,
  ].filter((setting) => typeof setting === 'string');
}
