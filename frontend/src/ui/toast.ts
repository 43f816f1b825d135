import { createStore } from '../lib/store';

export interface Toast {
  text: string;
  undo?: () => void;
}

export const SHOWN_MS = 6000;

export const toast = createStore<Toast | null>(null);

let timer: ReturnType<typeof setTimeout>;

/** Says one short thing at the page's edge; a newer one takes its place. */
export function showToast(next: Toast): void {
  clearTimeout(timer);
  toast.set(next);
  timer = setTimeout(() => toast.set(null), SHOWN_MS);
}
