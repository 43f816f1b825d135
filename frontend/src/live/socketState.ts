import { createStore } from '../lib/store';

export type SocketState = 'connecting' | 'open' | 'down';

/** The state before the server has said where to connect. */
export const noSocket = createStore<SocketState>('connecting');
