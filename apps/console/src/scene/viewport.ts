/** Diagram ↔ screen. The two directions have scales of their own: a schematic may be stretched. */
export interface Viewport {
  readonly scaleX: number;
  readonly scaleY: number;
  /** Screen place of the origin of the diagram, CSS pixels. */
  readonly offsetX: number;
  readonly offsetY: number;
  /** 1 = everything just fits. */
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const PADDING = { x: 12, top: 22, bottom: 10 };
/** Wider or flatter than this the picture would no longer look like itself. */
const MOST_STRETCH = 2.6;
const LARGEST_FIT = 1.9;
export const ZOOM_RANGE = { least: 0.5, most: 12 } as const;

/** Scales at zoom 1: the whole diagram fills the pane, stretched within reason. */
export function fitScales(diagram: Size, pane: Size): { readonly x: number; readonly y: number } {
  const x = Math.max(40, pane.width - 2 * PADDING.x) / diagram.width;
  const y = Math.max(40, pane.height - PADDING.top - PADDING.bottom) / diagram.height;
  const [sx, sy] = [Math.min(x, LARGEST_FIT), Math.min(y, LARGEST_FIT)];
  return { x: Math.min(sx, sy * MOST_STRETCH), y: Math.min(sy, sx * MOST_STRETCH) };
}

/** Everything in the middle of the pane. */
export function fitted(diagram: Size, pane: Size): Viewport {
  const scale = fitScales(diagram, pane);
  return {
    scaleX: scale.x,
    scaleY: scale.y,
    offsetX: (pane.width - diagram.width * scale.x) / 2,
    offsetY:
      PADDING.top + (pane.height - PADDING.top - PADDING.bottom - diagram.height * scale.y) / 2,
    zoom: 1,
  };
}

/** Zooms by a factor about a point of the screen, which stays where it is. */
export function zoomedAt(
  view: Viewport,
  fit: { readonly x: number; readonly y: number },
  factor: number,
  x: number,
  y: number,
): Viewport {
  const zoom = Math.min(ZOOM_RANGE.most, Math.max(ZOOM_RANGE.least, view.zoom * factor));
  const [scaleX, scaleY] = [fit.x * zoom, fit.y * zoom];
  return {
    zoom,
    scaleX,
    scaleY,
    offsetX: x - ((x - view.offsetX) / view.scaleX) * scaleX,
    offsetY: y - ((y - view.offsetY) / view.scaleY) * scaleY,
  };
}

/** The same zoom with a point of the diagram in the middle of the pane. */
export function centredOn(view: Viewport, pane: Size, x: number, y: number): Viewport {
  return {
    ...view,
    offsetX: pane.width / 2 - x * view.scaleX,
    offsetY: pane.height / 2 - y * view.scaleY,
  };
}

export function toScreen(view: Viewport, x: number, y: number): readonly [number, number] {
  return [x * view.scaleX + view.offsetX, y * view.scaleY + view.offsetY];
}

export function toDiagram(view: Viewport, x: number, y: number): readonly [number, number] {
  return [(x - view.offsetX) / view.scaleX, (y - view.offsetY) / view.scaleY];
}
