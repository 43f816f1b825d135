import { createStore, type Store } from './store';

const PREFIX = 'pixel-prompt:';

/**
 * A store that outlives the page. It follows what other tabs change, unless it is a tab's own: then a
 * new tab begins with what was set last in any, and each keeps its own from there.
 */
export function createStored<T>(name: string, fallback: T, ownOfTab = false): Store<T> {
  const key = PREFIX + name;
  const shared = () => read('localStorage', key, fallback);
  const store = createStore(ownOfTab ? read('sessionStorage', key, shared()) : shared());
  window.addEventListener('storage', (event) => {
    if (event.key === key && !ownOfTab) store.set(shared());
  });
  return {
    ...store,
    set(value) {
      store.set(value);
      write('localStorage', key, value);
      if (ownOfTab) write('sessionStorage', key, value);
    },
  };
}

type Place = 'localStorage' | 'sessionStorage';

function read<T>(place: Place, key: string, fallback: T): T {
  try {
    const text = window[place].getItem(key);
    return text === null ? fallback : complete(JSON.parse(text), fallback);
  } catch {
    return fallback;
  }
}

/** What an older page has stored may lack what this one expects. */
function complete<T>(stored: T | null, fallback: T): T {
  const isRecord = typeof fallback === 'object' && !Array.isArray(fallback);
  return isRecord ? { ...fallback, ...stored } : (stored ?? fallback);
}

function write(place: Place, key: string, value: unknown): void {
  try {
    window[place].setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or blocked: the value still holds for this page.
  }
}
