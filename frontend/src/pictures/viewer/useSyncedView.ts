import { useState } from 'react';
import type { Action } from '../../lib/actions';
import type { Picture } from '../select';
import {
  closerScale,
  FITTED,
  fitted,
  type Point,
  panBy,
  pixelScale,
  type Size,
  scaleTo,
  type View,
  zoomAt,
} from './transform';

const KEY_ZOOM = 1.4;
const KEY_PAN = 0.1;
const MIDDLE = { x: 0, y: 0 };

export interface SyncedView {
  view: View;
  setView(change: (view: View) => View): void;
  /** The size of the panes that show it; null until one is on screen. */
  pane: Size | null;
  setPane(size: Size): void;
}

/** One view for all panes that show it: whoever moves it moves them all. */
export function useSyncedView(): SyncedView {
  const [view, setView] = useState(FITTED);
  const [pane, setPane] = useState<Size | null>(null);
  return { view, setView, pane, setPane };
}

const sizeOf = ({ width, height }: Picture): Size => ({ width: width || 1, height: height || 1 });

/** The scale of the view at which this picture is seen pixel by pixel. */
export const pixelsOf = ({ pane }: SyncedView, picture: Picture | undefined): number =>
  pane && picture ? pixelScale(sizeOf(picture), pane, devicePixelRatio) : 1;

/** Where a click goes: to real pixels at its point, and from anywhere else back to the whole. */
export function toggled(synced: SyncedView, picture: Picture | undefined, point: Point): View {
  const { view } = synced;
  if (view.scale !== 1) return FITTED;
  return scaleTo(view, closerScale(pixelsOf(synced, picture)), point);
}

/** The share of the pane that a whole picture takes, in each direction. */
export function shareOf({ pane }: SyncedView, picture: Picture | undefined): Size {
  if (!pane || !picture) return { width: 1, height: 1 };
  const { width, height } = fitted(sizeOf(picture), pane);
  return { width: width / pane.width, height: height / pane.height };
}

/** Whether a point lies on the mat around a whole picture. */
export function isBeside({ x, y }: Point, synced: SyncedView, picture?: Picture): boolean {
  const { width, height } = shareOf(synced, picture);
  return Math.abs(x) > width / 2 || Math.abs(y) > height / 2;
}

/** How large the pixels are seen: `42 %`, or `42–84 %` where files differ in size. */
export function percent(synced: SyncedView, pictures: Picture[]): string {
  const shares = pictures.map((picture) => synced.view.scale / pixelsOf(synced, picture));
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) =>
    Math.round(share * 100),
  );
  return least === most ? `${least} %` : `${least}–${most} %`;
}

/** Zoom and pan by key and button; arrows pan only what is zoomed. */
export function viewActions(synced: SyncedView, picture: Picture | undefined): Action[] {
  const { view, setView } = synced;
  const whole = view.scale === 1;
  const zoom = (factor: number) => () => setView((now) => zoomAt(now, factor, MIDDLE));
  return [
    { id: 'zoom-in', label: 'Zoom in', group: 'Compare', keys: '=', run: zoom(KEY_ZOOM) },
    {
      id: 'zoom-out',
      label: 'Zoom out',
      group: 'Compare',
      keys: '-',
      enabled: view.scale > 1,
      run: zoom(1 / KEY_ZOOM),
    },
    {
      id: 'pixels',
      label: whole ? 'Pixels 1:1' : 'Fit',
      group: 'Compare',
      keys: 'Z',
      run: () => setView(() => toggled(synced, picture, MIDDLE)),
    },
    {
      id: 'fit',
      label: 'Fit',
      group: 'Compare',
      keys: '0',
      enabled: !whole,
      run: () => setView(() => FITTED),
    },
    ...panActions(synced),
  ];
}

const PANS = {
  ArrowLeft: { x: KEY_PAN, y: 0 },
  ArrowRight: { x: -KEY_PAN, y: 0 },
  ArrowUp: { x: 0, y: KEY_PAN },
  ArrowDown: { x: 0, y: -KEY_PAN },
};

const panActions = ({ view, setView }: SyncedView): Action[] =>
  Object.entries(PANS).map(([keys, by]) => ({
    id: `pan-${keys}`,
    label: `Pan ${keys.slice(5).toLowerCase()}`,
    group: 'Compare',
    keys,
    enabled: view.scale > 1,
    run: () => setView((now) => panBy(now, by)),
  }));
