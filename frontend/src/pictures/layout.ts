/** The room there is for pictures, in CSS pixels. */
export interface Room {
  width: number;
  height: number;
  /** Between pictures. */
  gap: number;
  /** What each has besides its picture: its name above, its facts beneath. */
  extra: number;
}

export interface Arrangement {
  columns: number;
  /** Of one cell's picture. */
  width: number;
  height: number;
}

/** A cell may be so much wider or higher than the picture in it: room to zoom, but no void. */
const LOOSE = 1.15;
/** Of arrangements whose pictures are nearly the largest, the one with the least void is taken. */
const NEARLY = 0.85;

const fitTo = (ratio: number, width: number, height: number): number => {
  const fit = Math.min(width, height * ratio);
  return (fit * fit) / ratio;
};

/**
 * The arrangement of pictures of these ratios (width / height) that shows them largest, all at once.
 * Where that would make them narrower than `least`, they have that, and the page scrolls.
 */
export function arrange(ratios: number[], room: Room, least: number): Arrangement {
  const count = Math.max(1, ratios.length);
  const all = Array.from({ length: count }, (_, at) => inColumns(at + 1, ratios, room));
  const area = ({ width, height }: Arrangement) =>
    ratios.reduce((sum, ratio) => sum + fitTo(ratio, width, height), 0);
  const largest = Math.max(...all.map(area));
  const share = (one: Arrangement) => area(one) / boxOf(one, count, room);
  const best = all
    .filter((one) => area(one) >= largest * NEARLY)
    .map((one) => hugging(one, ratios))
    .reduce((best, other) => (share(other) > share(best) ? other : best));
  const narrowest = Math.min(...ratios.map((ratio) => Math.min(best.width, best.height * ratio)));
  return narrowest >= least ? best : scrolling(ratios, room, least);
}

function inColumns(columns: number, { length }: number[], room: Room): Arrangement {
  const rows = Math.ceil(length / columns);
  return {
    columns,
    width: (room.width - room.gap * (columns - 1)) / columns,
    height: Math.max(1, (room.height - room.gap * (rows - 1)) / rows - room.extra),
  };
}

/** The area of the whole arrangement, names and gaps included. */
function boxOf({ columns, width, height }: Arrangement, count: number, room: Room): number {
  const rows = Math.ceil(count / columns);
  const wide = columns * width + (columns - 1) * room.gap;
  return wide * (rows * (height + room.extra) + (rows - 1) * room.gap);
}

/** Cells no larger than the pictures need, with some room to zoom in. */
function hugging({ columns, width, height }: Arrangement, ratios: number[]): Arrangement {
  const widest = Math.max(...ratios.map((ratio) => Math.min(width, height * ratio)));
  const highest = Math.max(...ratios.map((ratio) => Math.min(height, width / ratio)));
  return {
    columns,
    width: Math.floor(Math.min(width, widest * LOOSE)),
    height: Math.floor(Math.min(height, highest * LOOSE)),
  };
}

/** As many columns as leave each its least width, and rows as high as the window allows. */
function scrolling(ratios: number[], room: Room, least: number): Arrangement {
  const fit = Math.floor((room.width + room.gap) / (least + room.gap));
  const columns = Math.min(ratios.length, Math.max(1, fit));
  const { width } = inColumns(columns, ratios, room);
  const height = Math.min(width / Math.min(...ratios), room.height - room.extra);
  return hugging({ columns, width, height: Math.max(1, height) }, ratios);
}
