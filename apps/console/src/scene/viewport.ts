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
const LEAST_ZOOM = 0.5;
/** How near one can go, in multiples of the whole picture or of the designed size. */
const NEAREST = { ofFit: 12, ofDesign: 4 };

/** A stretched picture is stretched less the nearer it is looked at. */
function scalesAt(fit: { readonly x: number; readonly y: number }, zoom: number) {
  const [x, y] = [fit.x * zoom, fit.y * zoom];
  return {
    x: x <= LARGEST_FIT ? x : Math.max(LARGEST_FIT, Math.min(x, y)),
    y: y <= LARGEST_FIT ? y : Math.max(LARGEST_FIT, Math.min(x, y)),
  };
}

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
  const nearest = Math.max(NEAREST.ofFit, NEAREST.ofDesign / Math.min(fit.x, fit.y));
  const zoom = Math.min(nearest, Math.max(LEAST_ZOOM, view.zoom * factor));
  const { x: scaleX, y: scaleY } = scalesAt(fit, zoom);
  return {
    zoom,
    scaleX,
    scaleY,
    offsetX: x - ((x - view.offsetX) / view.scaleX) * scaleX,
    offsetY: y - ((y - view.offsetY) / view.scaleY) * scaleY,
  };
}

/** Zoom at which the flatter direction has its designed size. */
export function workingZoom(fit: { readonly x: number; readonly y: number }): number {
  return 1 / Math.min(fit.x, fit.y);
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
