import { type RefObject, useEffect, useRef } from 'react';
import { type Point, panBy, type View, zoomAt } from './transform';

const WHEEL_SPEED = 0.0022;
/** Pixels that a finger or mouse may stray and still have clicked. */
const STEADY = 6;
/** Pixels of a finger's way that turn or close. */
const SWIPE = 56;
/** A wheel that has just zoomed out to the whole picture does not go on to scroll the page. */
const WHEEL_REST_MS = 250;

export type Swipe = 'left' | 'right' | 'down';

export interface Gestures {
  view: View;
  setView(change: (view: View) => View): void;
  /** The wheel is the page's while the picture is whole, unless Ctrl asks for zoom. */
  inPage?: boolean | undefined;
  /** A click, at its share of the pane from the middle. */
  onClick?: ((point: Point) => void) | undefined;
  /** A finger's stroke over the whole picture. */
  onSwipe?: ((to: Swipe) => void) | undefined;
  /** Takes a press for itself and follows it from there; false leaves it to pan. */
  onGrab?: ((point: Point) => boolean) | undefined;
  onDrag?: ((point: Point) => void) | undefined;
}

/** Wheel and pinch zoom at the pointer, drag pans or turns, a click goes in and out. */
export function useGestures(pane: RefObject<HTMLElement | null>, gestures: Gestures) {
  const latest = useRef(gestures);
  latest.current = gestures;
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    const reader = new GestureReader(element, () => latest.current);
    return () => reader.stop();
  }, [pane]);
}

interface Press {
  from: Point;
  at: Point;
  grabbed: boolean;
  touch: boolean;
}

class GestureReader {
  readonly #presses = new Map<number, Press>();
  readonly #listening = new AbortController();
  #pinched = false;
  #wheeledAt = 0;

  constructor(
    private readonly pane: HTMLElement,
    private readonly now: () => Gestures,
  ) {
    const options = { signal: this.#listening.signal };
    pane.addEventListener('wheel', (event) => this.#wheel(event), { ...options, passive: false });
    pane.addEventListener('pointerdown', (event) => this.#press(event), options);
    pane.addEventListener('pointermove', (event) => this.#move(event), options);
    pane.addEventListener('pointerup', (event) => this.#release(event), options);
    pane.addEventListener('pointercancel', (event) => this.#forget(event), options);
  }

  stop(): void {
    this.#listening.abort();
  }

  #wheel(event: WheelEvent): void {
    const { view, inPage, setView } = this.now();
    const resting = event.timeStamp - this.#wheeledAt > WHEEL_REST_MS;
    if (inPage && view.scale === 1 && !event.ctrlKey && resting) return;
    event.preventDefault();
    this.#wheeledAt = event.timeStamp;
    const factor = Math.exp(-event.deltaY * WHEEL_SPEED * (event.ctrlKey ? 4 : 1));
    setView((now) => zoomAt(now, factor, this.#at(event)));
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { view, onGrab } = this.now();
    const at = this.#at(event);
    const grabbed = this.#presses.size === 0 && (onGrab?.(at) ?? false);
    // What is whole may be dragged out of the page, so it is not held on to.
    if (grabbed || view.scale !== 1 || event.pointerType !== 'mouse')
      this.pane.setPointerCapture(event.pointerId);
    const from = { x: event.clientX, y: event.clientY };
    this.#presses.set(event.pointerId, { from, at, grabbed, touch: event.pointerType === 'touch' });
    this.#pinched = this.#presses.size > 1;
    if (grabbed) this.now().onDrag?.(at);
  }

  #move(event: PointerEvent): void {
    const press = this.#presses.get(event.pointerId);
    if (!press) return;
    const from = press.at;
    const to = this.#at(event);
    press.at = to;
    const { view, setView, onDrag } = this.now();
    const other = [...this.#presses].find(([id]) => id !== event.pointerId);
    if (other) this.#pinch(from, to, other[1].at);
    else if (press.grabbed) onDrag?.(to);
    else if (view.scale > 1) setView((now) => panBy(now, { x: to.x - from.x, y: to.y - from.y }));
  }

  #pinch(from: Point, to: Point, still: Point): void {
    const distance = (point: Point) => Math.hypot(point.x - still.x, point.y - still.y);
    const middle = { x: (to.x + still.x) / 2, y: (to.y + still.y) / 2 };
    const factor = distance(to) / Math.max(distance(from), 1e-3);
    this.now().setView((view) => zoomAt(view, factor, middle));
  }

  #release(event: PointerEvent): void {
    const press = this.#forget(event);
    if (!press || press.grabbed || this.#pinched) return;
    const { view, onClick, onSwipe } = this.now();
    const [x, y] = [event.clientX - press.from.x, event.clientY - press.from.y];
    if (Math.hypot(x, y) <= STEADY) onClick?.(this.#at(event));
    else if (press.touch && view.scale === 1) {
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) onSwipe?.(x < 0 ? 'left' : 'right');
      if (y > SWIPE && y > 2 * Math.abs(x)) onSwipe?.('down');
    }
  }

  #forget({ pointerId }: PointerEvent): Press | undefined {
    const press = this.#presses.get(pointerId);
    this.#presses.delete(pointerId);
    return press;
  }

  /** Where the pointer is, as a share of the pane, from its middle. */
  #at({ clientX, clientY }: MouseEvent): Point {
    const { left, top, width, height } = this.pane.getBoundingClientRect();
    return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5 };
  }
}
