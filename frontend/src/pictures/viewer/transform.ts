/** How a picture is seen: `scale` from its fitted size, `x` and `y` as shares of the pane. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Point {
  x: number;
  y: number;
}

/** In CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

export const FITTED: View = { scale: 1, x: 0, y: 0 };

const LARGEST_SCALE = 16;
/** So near to fitted, real pixels are no other view: then twice as large is. */
const SAME = 0.05;

const clamp = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value));

/** Keeps the picture within reach: fitted, it sits in the middle; zoomed, an edge stays in sight. */
export function bounded({ scale, x, y }: View, least = 1): View {
  const zoom = Math.min(LARGEST_SCALE, Math.max(least, scale));
  const reach = Math.max(0, zoom - 1) / 2;
  return { scale: zoom, x: clamp(x, reach), y: clamp(y, reach) };
}

/** Zooms so that what lies under the point, measured from the pane's middle, stays there. */
export function zoomAt(view: View, factor: number, point: Point): View {
  return scaleTo(view, view.scale * factor, point, Math.min(1, view.scale));
}

/** Goes to a scale; a small picture's real pixels may need less than its fitted size. */
export function scaleTo(view: View, to: number, point: Point, least = Math.min(1, to)): View {
  const { scale } = bounded({ ...view, scale: to }, least);
  const change = scale / view.scale;
  return bounded(
    {
      scale,
      x: point.x - (point.x - view.x) * change,
      y: point.y - (point.y - view.y) * change,
    },
    least,
  );
}

export const panBy = (view: View, by: Point): View =>
  bounded({ scale: view.scale, x: view.x + by.x, y: view.y + by.y }, Math.min(1, view.scale));

/** The size at which a whole picture fits into a pane. */
export function fitted(picture: Size, pane: Size): Size {
  const fit = Math.min(pane.width / picture.width, pane.height / picture.height);
  return { width: picture.width * fit, height: picture.height * fit };
}

/** The scale at which one pixel of the file is one of the screen. */
export const pixelScale = (picture: Size, pane: Size, density: number): number =>
  picture.width / (fitted(picture, pane).width * density);

/** Where a click leads from the fitted view: to real pixels, or closer where those are shown. */
export const closerScale = (pixels: number): number =>
  Math.abs(Math.log(pixels)) > SAME ? pixels : pixels * 2;

/** The same CSS in every pane of the same size, whatever the picture in it. */
export const cssTransform = ({ scale, x, y }: View): string =>
  `translate(${(x * 100).toFixed(3)}%, ${(y * 100).toFixed(3)}%) scale(${scale.toFixed(4)})`;
