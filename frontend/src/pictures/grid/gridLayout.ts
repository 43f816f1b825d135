import type { WindowRoom } from '../useRoom';

/** What is set when nobody has chosen a size, and what means: as small as shows all at once. */
export const USUAL = 0;
export const ALL_AT_ONCE = -1;

export const GAP = 16;
/** The name above a picture and the facts beneath it, in CSS pixels. */
const NAMES = 32;
const FACTS = 44;
/** Beneath this width a picture has its name alone. */
const BARE = 144;
/** A square that is large enough to judge: at least so many pixels, on a wide screen more. */
const USUAL_SIDE = 304;
const USUAL_SHARE = 0.19;
/** Beneath this, the window's height says little: it is scrolled anyway. */
const LOW = 420;

export interface Grid {
  columns: number;
  /** The width of a picture, in CSS pixels. */
  width: number;
  /** The columns in which all are seen at once; more there never are. */
  most: number;
}

const fill = (columns: number, { width }: WindowRoom) => (width - GAP * (columns - 1)) / columns;

/** The columns in which so many pictures are seen at once, and their largest width then. */
function atOnce(count: number, ratio: number, room: WindowRoom, screen: number) {
  const height = room.height < LOW ? screen * 0.7 : room.height;
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const row = (height + GAP) / Math.ceil(count / columns) - GAP - NAMES;
    const withFacts = Math.min(fill(columns, room), (row - FACTS) * ratio);
    const bare = Math.min(fill(columns, room), row * ratio, BARE - 1);
    const width = withFacts < BARE ? bare : withFacts;
    if (width > best.width) best = { columns, width };
  }
  return best;
}

/** The columns and width for pictures of a ratio (width / height) at a chosen size. */
export function gridOf(
  size: number,
  count: number,
  ratio: number,
  room: WindowRoom,
  screen: number,
): Grid {
  const usual = Math.max(USUAL_SIDE, USUAL_SHARE * room.width);
  const wanted = (size === USUAL ? usual : size) * Math.sqrt(ratio);
  const near = Math.max(1, Math.round((room.width + GAP) / (wanted + GAP)));
  const enough = atOnce(count, ratio, room, screen);
  const most = size === USUAL ? Math.max(enough.columns, near) : enough.columns;
  if (size === ALL_AT_ONCE) return { ...enough, width: Math.floor(enough.width), most };
  const columns = Math.min(near, most);
  const screenful = Math.max(120, screen - 170) * ratio;
  return { columns, width: Math.floor(Math.min(fill(columns, room), screenful)), most };
}

/** The size to remember for a number of columns: the side of a square of the same area. */
export const sizeFor = (columns: number, most: number, ratio: number, room: WindowRoom): number =>
  columns >= most ? ALL_AT_ONCE : fill(columns, room) / Math.sqrt(ratio);
