import { useState } from 'react';
import type { Action } from '../../lib/actions';
import { FITTED, panBy, type View, zoomAt } from './transform';

const KEY_ZOOM = 1.4;
const KEY_PAN = 0.1;
const MIDDLE = { x: 0, y: 0 };

export interface SyncedView {
  view: View;
  setView(change: (view: View) => View): void;
}

/** One view for all panes that show it: whoever moves it moves them all. */
export function useSyncedView(): SyncedView {
  const [view, setView] = useState(FITTED);
  return { view, setView };
}

/** Zoom and pan by key and button; arrows pan only what is zoomed. */
export function viewActions({ view, setView }: SyncedView): Action[] {
  const zoomed = view.scale > 1;
  const zoom = (factor: number) => () => setView((now) => zoomAt(now, factor, MIDDLE));
  const pan = (x: number, y: number) => () => setView((now) => panBy(now, { x, y }));
  return [
    { id: 'zoom-in', label: 'Zoom in', group: 'Compare', keys: '=', run: zoom(KEY_ZOOM) },
    {
      id: 'zoom-out',
      label: 'Zoom out',
      group: 'Compare',
      keys: '-',
      enabled: zoomed,
      run: zoom(1 / KEY_ZOOM),
    },
    {
      id: 'fit',
      label: 'Fit',
      group: 'Compare',
      keys: '0',
      enabled: zoomed,
      run: () => setView(() => FITTED),
    },
    ...(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const).map((keys): Action => {
      const x = { ArrowLeft: KEY_PAN, ArrowRight: -KEY_PAN, ArrowUp: 0, ArrowDown: 0 }[keys];
      const y = { ArrowLeft: 0, ArrowRight: 0, ArrowUp: KEY_PAN, ArrowDown: -KEY_PAN }[keys];
      return {
        id: `pan-${keys}`,
        label: `Pan ${keys.slice(5).toLowerCase()}`,
        group: 'Compare',
        keys,
        enabled: zoomed,
        run: pan(x, y),
      };
    }),
  ];
}
