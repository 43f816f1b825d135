import { useSyncExternalStore } from 'react';
import type { Store } from '../lib/store';

/** The store's value, kept current. */
export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);
