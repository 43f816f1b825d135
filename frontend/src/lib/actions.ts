import { createStore } from './store';
import { createStored } from './stored';

export type ActionGroup = 'Prompt' | 'Run' | 'Picture' | 'Compare' | 'Gallery' | 'Page';

/** One thing a person can do: its button, its shortcut and its line in the help come from here. */
export interface Action {
  id: string;
  label: string;
  group: ActionGroup;
  /** `Mod+Enter`, `/`, `R`, `ArrowLeft`; Mod is Command on a Mac and Control elsewhere. */
  keys?: string;
  enabled?: boolean;
  /** A selector: its keys count only while the focus is inside. */
  within?: string;
  /** What its key asks first, as for all that costs money or cannot be undone; its button does not. */
  ask?: string;
  run(): void;
}

export interface ActionLayer {
  actions: Action[];
  /** A modal layer keeps keys from the layers beneath it. */
  modal: boolean;
}

export const actionLayers = createStore<readonly ActionLayer[]>([]);

/** Shortcuts of one printable key can be switched off: they get in the way of speech input. */
export const singleKeysEnabled = createStored('single-keys', true);

/** The action whose key was pressed and whose question has not been answered yet. */
export const askedAction = createStore<Action | null>(null);

/** Adds a layer on top; the answer takes it away again. */
export function addLayer(layer: ActionLayer): () => void {
  actionLayers.set([...actionLayers.get(), layer]);
  return () => actionLayers.set(actionLayers.get().filter((other) => other !== layer));
}

/** The actions that keys reach now, those of the topmost layer first. */
export function reachableActions(layers = actionLayers.get()): Action[] {
  const fromTop = layers.toReversed();
  const modal = fromTop.findIndex((layer) => layer.modal);
  return fromTop.slice(0, modal === -1 ? undefined : modal + 1).flatMap((layer) => layer.actions);
}

/** Does what the button or key of an action would do, if it is offered now. */
export function runAction(id: string): void {
  const action = reachableActions().find((offered) => offered.id === id);
  if (action && action.enabled !== false) action.run();
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');

const isWithin = (target: EventTarget | null, within: string | undefined) =>
  within === undefined || (target instanceof Element && target.closest(within) !== null);

const isPlain = (keys: string) => !keys.includes('+');

function matches(event: KeyboardEvent, keys: string): boolean {
  const withMod = event.metaKey || event.ctrlKey;
  if (isPlain(keys) === withMod || event.altKey) return false;
  return event.key.toLowerCase() === keys.replace('Mod+', '').toLowerCase();
}

/** Runs the action that a key press means, if it means one here. */
export function dispatchKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  // An open popover is the topmost layer: Escape closes it, and nothing else.
  if (event.key === 'Escape' && document.querySelector('[popover]:popover-open')) return;
  const action = reachableActions().find(
    ({ keys, enabled = true, within }) =>
      keys !== undefined && enabled && matches(event, keys) && isWithin(event.target, within),
  );
  if (!action?.keys) return;
  if (isPlain(action.keys) && action.keys !== 'Escape' && isTyping(event.target)) return;
  if (action.keys.length === 1 && !singleKeysEnabled.get()) return;
  event.preventDefault();
  if (action.ask) askedAction.set(action);
  else action.run();
}

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

const SYMBOLS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** The keys as they are printed on this machine's keyboard. */
export function keyCaps(keys: string): string[] {
  return keys
    .split('+')
    .filter(Boolean)
    .map((key) => (key === 'Mod' ? (isMac() ? '⌘' : 'Ctrl') : (SYMBOLS[key] ?? key)));
}
