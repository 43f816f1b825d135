import { createStore } from '../../lib/store';

/** On a small screen: whether the options are unfolded. */
export const optionsUnfolded = createStore(false);

/** Whether the finer settings are unfolded. */
export const settingsUnfolded = createStore(false);

export function unfoldSettings(): void {
  optionsUnfolded.set(true);
  settingsUnfolded.set(true);
}
