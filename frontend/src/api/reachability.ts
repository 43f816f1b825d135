import { createStore } from '../lib/store';

/** Whether the last request found the server at all. */
export const serverReachable = createStore(true);
