import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { unsigned } from '../api/addresses';
import { backoff } from '../api/queries';
import { cssRatio } from '../lib/format';
import styles from './Frame.module.css';
import { useHeavyTurn, useLightOnTheWay } from './line';
import type { RunName } from './names';
import { plan, type Source, sourcesOf } from './plan';
import type { Picture } from './select';
import { takeOut } from './takeOut';

/** How much earlier all thumbnails are asked for than the previews behind them. */
const HEAD_START_MS = 30;

interface FrameProps {
  run: RunName;
  picture: Picture;
  alt: string;
  /** The ratio of the place kept for it, so that nothing moves when it lands. */
  ratio: unknown;
}

/**
 * A picture on its mat: whole, never cropped, and as sharp as the screen can show it. Who presses on
 * it, or asks for its menu, may mean to take it along: then the original lies over it.
 */
export function Frame({ run, picture, alt, ratio }: FrameProps) {
  const box = useRef<HTMLSpanElement>(null);
  const need = useNeed(box, picture);
  const { ready, failed, known, arrived, lost } = useArrivals();
  const sources = sourcesOf(picture).map(known);
  const { shown, light, heavy } = plan(sources, { ready, failed, need });
  const allLight = useHeadStart(light.length > 1) || shown;
  useLightOnTheWay(light.length);
  const turn = useHeavyTurn(heavy !== undefined, shown === undefined);
  const loading = turn ? [heavy] : allLight ? light : light.slice(0, 1);
  const [taken, setTaken] = useState(false);
  const take = () => flushSync(() => setTaken(true));
  const original = taken ? sources.find((source) => source.original) : undefined;
  const layers = [...new Set([shown, ...loading, original])].filter((one) => one !== undefined);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button around it is what acts.
    <span
      ref={box}
      className={styles.mat}
      style={{ aspectRatio: cssRatio(ratio) }}
      onPointerDown={({ pointerType }) => pointerType === 'mouse' && take()}
      onContextMenu={take}
      // What has not come cannot be dragged by itself, and a lighter one is not what is meant.
      draggable
      onDragStart={(event) => takeOut(event, run, picture)}
    >
      {layers.map((source, layer) => (
        <img
          key={source.url}
          ref={letGo}
          className={styles.picture}
          draggable={source.original && ready.has(source.url)}
          data-shown={source === shown || undefined}
          loading={shown && source.original ? 'lazy' : 'eager'}
          fetchPriority={source.original ? 'low' : 'high'}
          src={source.url}
          alt={layer === 0 ? alt : ''}
          width={picture.width ?? undefined}
          height={picture.height ?? undefined}
          elementtiming={`picture-${picture.index}`}
          onLoad={({ currentTarget }) => arrived(source, currentTarget)}
          onError={() => lost(source)}
        />
      ))}
    </span>
  );
}

/** A layer that is no longer wanted takes no more of the line. */
const letGo = (image: HTMLImageElement) => () => image.removeAttribute('src');

/** The pixels of the screen along the picture's longer side, as it is fitted into its box. */
function useNeed(box: RefObject<HTMLElement | null>, { width, height }: Picture): number {
  const [need, setNeed] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const [wide, high] = [width || 1, height || 1];
    const measure = () => {
      const fit = Math.min(element.clientWidth / wide, element.clientHeight / high);
      setNeed(Math.floor(Math.max(wide, high) * fit * devicePixelRatio));
    };
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, width, height]);
  return need;
}

/** True a moment after there was more than one to fetch. */
function useHeadStart(several: boolean): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!several) return;
    const timer = setTimeout(() => setOver(true), HEAD_START_MS);
    return () => clearTimeout(timer);
  }, [several]);
  return over;
}

/** What has been decoded; what did not come through is left out, and asked for again after a while. */
function useArrivals() {
  const [ready, setReady] = useState<ReadonlySet<string>>(new Set());
  const [failed, setFailed] = useState<ReadonlySet<string>>(new Set());
  const failures = useRef(0);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const running = timers.current;
    return () => running.forEach(clearTimeout);
  }, []);
  // What has come stays, though its address is renewed meanwhile.
  const known = (source: Source): Source => ({
    ...source,
    url: [...ready].find((url) => unsigned(url) === unsigned(source.url)) ?? source.url,
  });
  const arrived = async ({ url }: Source, image: HTMLImageElement) => {
    await image.decode?.().catch(() => undefined);
    setReady((before) => new Set(before).add(url));
  };
  const lost = ({ url }: Source) => {
    setFailed((before) => new Set(before).add(url));
    const again = () =>
      setFailed((before) => new Set([...before].filter((other) => other !== url)));
    timers.current.add(setTimeout(again, backoff(failures.current++)));
  };
  return { ready, failed, known, arrived, lost };
}
