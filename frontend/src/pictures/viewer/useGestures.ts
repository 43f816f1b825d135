import { type RefObject, useEffect } from 'react';
import { FITTED, type Point, panBy, zoomAt } from './transform';
import type { SyncedView } from './useSyncedView';

const WHEEL_SPEED = 0.0022;
const DOUBLE_CLICK_ZOOM = 3;

/** Wheel and pinch zoom at the pointer, drag pans, double click goes in and out. */
export function useGestures(pane: RefObject<HTMLElement | null>, setView: SyncedView['setView']) {
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    const gestures = new Gestures(element, setView);
    return () => gestures.stop();
  }, [pane, setView]);
}

class Gestures {
  readonly #pointers = new Map<number, Point>();
  readonly #listening = new AbortController();

  constructor(
    private readonly pane: HTMLElement,
    private readonly setView: SyncedView['setView'],
  ) {
    const options = { signal: this.#listening.signal };
    pane.addEventListener('wheel', (event) => this.#wheel(event), { ...options, passive: false });
    pane.addEventListener('pointerdown', (event) => this.#press(event), options);
    pane.addEventListener('pointermove', (event) => this.#move(event), options);
    for (const end of ['pointerup', 'pointercancel'] as const)
      pane.addEventListener(end, ({ pointerId }) => this.#pointers.delete(pointerId), options);
    pane.addEventListener('dblclick', (event) => this.#toggle(event), options);
  }

  stop(): void {
    this.#listening.abort();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * WHEEL_SPEED * (event.ctrlKey ? 4 : 1));
    this.setView((view) => zoomAt(view, factor, this.#at(event)));
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.pane.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#at(event));
  }

  #move(event: PointerEvent): void {
    const from = this.#pointers.get(event.pointerId);
    if (!from) return;
    const to = this.#at(event);
    const others = [...this.#pointers].filter(([id]) => id !== event.pointerId);
    this.#pointers.set(event.pointerId, to);
    const [other] = others;
    if (other) this.#pinch(from, to, other[1]);
    else this.setView((view) => panBy(view, { x: to.x - from.x, y: to.y - from.y }));
  }

  #pinch(from: Point, to: Point, still: Point): void {
    const distance = (point: Point) => Math.hypot(point.x - still.x, point.y - still.y);
    const middle = { x: (to.x + still.x) / 2, y: (to.y + still.y) / 2 };
    this.setView((view) => zoomAt(view, distance(to) / Math.max(distance(from), 1e-3), middle));
  }

  #toggle(event: MouseEvent): void {
    const point = this.#at(event);
    this.setView((view) => (view.scale > 1 ? FITTED : zoomAt(view, DOUBLE_CLICK_ZOOM, point)));
  }

  /** Where the pointer is, as a share of the pane, from its middle. */
  #at({ clientX, clientY }: MouseEvent): Point {
    const { left, top, width, height } = this.pane.getBoundingClientRect();
    return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5 };
  }
}
