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

export const FITTED: View = { scale: 1, x: 0, y: 0 };

const LARGEST_SCALE = 16;

const clamp = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value));

/** Keeps the picture within reach: fitted, it sits in the middle; zoomed, an edge stays in sight. */
export function bounded({ scale, x, y }: View): View {
  const zoom = Math.min(LARGEST_SCALE, Math.max(1, scale));
  const reach = (zoom - 1) / 2;
  return { scale: zoom, x: clamp(x, reach), y: clamp(y, reach) };
}

/** Zooms so that what lies under the point, measured from the pane's middle, stays there. */
export function zoomAt(view: View, factor: number, point: Point): View {
  const scale = bounded({ ...view, scale: view.scale * factor }).scale;
  const change = scale / view.scale;
  return bounded({
    scale,
    x: point.x - (point.x - view.x) * change,
    y: point.y - (point.y - view.y) * change,
  });
}

export const panBy = (view: View, by: Point): View =>
  bounded({ ...view, x: view.x + by.x, y: view.y + by.y });

/** The same CSS in every pane of the same size, whatever the picture in it. */
export const cssTransform = ({ scale, x, y }: View): string =>
  `translate(${(x * 100).toFixed(3)}%, ${(y * 100).toFixed(3)}%) scale(${scale.toFixed(4)})`;
