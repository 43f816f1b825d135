import { type RefObject, useLayoutEffect, useState } from 'react';

export interface WindowRoom {
  width: number;
  /** From the element's top, as the page begins, to the window's end. */
  height: number;
}

const LEAST_HEIGHT = 280;
const MARGIN = 12;

/** The room that an element has in the window; null until it is on screen. */
export function useRoom(ref: RefObject<HTMLElement | null>): WindowRoom | null {
  const [room, setRoom] = useState<WindowRoom | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const { width, top } = element.getBoundingClientRect();
      const height = Math.max(LEAST_HEIGHT, innerHeight - top - scrollY - MARGIN);
      setRoom((now) => (now?.width === width && now.height === height ? now : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [ref]);
  return room;
}
