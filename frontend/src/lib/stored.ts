import { createStore, type Store } from './store';

const PREFIX = 'pixel-prompt:';

/** A store that outlives the page and, unless it is a tab's own, follows what other tabs change. */
export function createStored<T>(name: string, fallback: T, ownOfTab = false): Store<T> {
  const key = PREFIX + name;
  const store = createStore(read(key, fallback));
  window.addEventListener('storage', (event) => {
    if (event.key === key && !ownOfTab) store.set(read(key, fallback));
  });
  return {
    ...store,
    set(value) {
      store.set(value);
      write(key, value);
    },
  };
}

function read<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(key);
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

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or blocked: the value still holds for this page.
  }
}
