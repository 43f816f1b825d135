import { type ComponentType, lazy } from 'react';
import { showToast } from './toast';

const AGAIN_MS = 2000;

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

/** A part fetched when it is first shown; without a server the page stays, and the part comes later. */
export function lazyLater<P>(load: Load<P>) {
  let told = false;
  const attempt: Load<P> = () =>
    load().catch(async () => {
      if (!told) showToast({ text: 'This opens as soon as the server answers.' });
      told = true;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      return attempt();
    });
  return lazy(attempt);
}
