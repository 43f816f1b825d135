import { createStored } from '../../lib/stored';

const PREFIX = 'pixel-prompt:';

/** What is of the browser and of no person. */
const OF_BROWSER = ['theme', 'single-keys', 'accounts'].map((name) => PREFIX + name);

/** The id of whoever's words this browser keeps; empty while they are nobody's. */
const owner = createStored('owner', '');

/** Whether what this browser keeps may be shown to somebody; what was kept before there were accounts may. */
export const isOwner = (userId: string): boolean => ['', userId].includes(owner.get());

export const setOwner = (userId: string): void => owner.set(userId);

/** Takes drafts, history and all else that was somebody's out of this browser. */
export function forgetPerson(): void {
  owner.set('');
  for (const place of [localStorage, sessionStorage]) {
    const names = Object.keys(place).filter((name) => name.startsWith(PREFIX));
    for (const name of names) if (!OF_BROWSER.includes(name)) place.removeItem(name);
  }
}
