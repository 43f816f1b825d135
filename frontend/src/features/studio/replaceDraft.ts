import { showToast } from '../../ui/toast';
import { type Draft, draftStore, EMPTY_DRAFT, isVisible, remember } from './draft';

interface Replacement {
  before: Draft;
  after: Draft;
}

const KEPT = 50;

/** What was written over, the latest last. */
let replacements: Replacement[] = [];

/** Writes over the whole draft; an undo and, for the prompt, the history give it back. */
export function replaceDraft(after: Draft, said: string): void {
  const before = draftStore.get();
  if (isVisible(before.prompt) && before.prompt !== after.prompt && !wasPutIn(before.prompt))
    remember(before.prompt.trim());
  const replacement = record({ before, after });
  showToast({ text: said, undo: () => takeBack(replacement) });
}

/** Writes over the prompt alone. */
export const replacePrompt = (prompt: string, said: string): void =>
  replaceDraft({ ...draftStore.get(), prompt }, said);

/** Leaves all settings to the models again; prompt and choice of models stay. */
export function clearSettings(): void {
  const { prompt, models } = draftStore.get();
  replaceDraft({ ...EMPTY_DRAFT, prompt, models }, 'Settings cleared.');
}

/** Shows an earlier prompt; a step from one to the next still leads back to what was written first. */
export function browseTo(prompt: string, browsing: boolean): void {
  const now = draftStore.get();
  const last = browsing ? replacements.pop() : undefined;
  record({ before: last?.before ?? now, after: { ...now, prompt } });
}

/** Undoes the last replacement if the prompt is as it left it; false when it is not. */
export function takeLastBack(): boolean {
  const last = replacements.at(-1);
  if (!last || last.after.prompt !== draftStore.get().prompt) return false;
  takeBack(last);
  return true;
}

/** A text that was put in and not touched is nobody's own. */
const wasPutIn = (prompt: string) => replacements.at(-1)?.after.prompt === prompt;

function record(replacement: Replacement): Replacement {
  replacements = [...replacements, replacement].slice(-KEPT);
  draftStore.set(replacement.after);
  return replacement;
}

/** Brings back what the replacement changed, and leaves alone what was changed elsewhere since. */
function takeBack(replacement: Replacement): void {
  const { before, after } = replacement;
  const now = draftStore.get();
  if (now.prompt !== after.prompt && isVisible(now.prompt)) remember(now.prompt.trim());
  replacements = replacements.filter((other) => other !== replacement);
  const untouched = (name: string) => before[name as keyof Draft] === after[name as keyof Draft];
  const kept = Object.entries(now).filter(([name]) => untouched(name));
  const back = Object.entries(before).filter(([name]) => !untouched(name));
  draftStore.set(Object.fromEntries([...kept, ...back]) as unknown as Draft);
}
