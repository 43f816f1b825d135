import { useEffect } from 'react';

/** Names the tab while the caller is on screen. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Pixel Prompt`;
    return () => {
      document.title = 'Pixel Prompt';
    };
  }, [title]);
}
