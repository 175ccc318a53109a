import type { LineSheet, Pen } from './line-sheet.ts';
import type { ColourName, Palette } from './palette.ts';
import { LINE_LOOKS, type LineLook } from './picture.ts';
import { toScreen, type Viewport } from './viewport.ts';

interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly alpha: number;
}

function voltageColour(kV: number): ColourName {
  return kV >= 66 ? 'line-energised-110' : kV > 24 ? 'line-energised-35' : 'line-energised-22';
}

/** Where the picture is smaller than this its lines become thinner with it. */
const FULL_WIDTH_FROM = 0.5;
const THINNEST = { share: 0.4, px: 1 };

/** Share of their width that lines have at a zoom. */
function thinned(view: Viewport): number {
  const scale = Math.min(view.scaleX, view.scaleY * 1.6);
  return Math.min(1, Math.max(THINNEST.share, scale / FULL_WIDTH_FROM));
}

function widthOf(path: Pen, share: number): number {
  const full =
    path.kind === 'bus'
      ? path.nominalVoltage_kV >= 66
        ? 5
        : 7
      : path.lateral
        ? 1.8
        : path.nominalVoltage_kV > 24
          ? 3
          : 2.5;
  return Math.max(THINNEST.px, full * share);
}

/** The strokes of one line from below to above: form says the state, width the voltage. */
function strokesOf(
  path: Pen,
  look: LineLook,
  palette: Palette,
  options: {
    readonly feederColour: string | null;
    readonly faint: boolean;
    readonly share: number;
  },
): readonly Stroke[] {
  const colours = palette.colours;
  const width = widthOf(path, options.share);
  const solid = (colour: string, w = width, alpha = 1): Stroke => ({
    colour,
    width: w,
    dash: [],
    alpha,
  });
  const live = options.feederColour ?? colours[voltageColour(path.nominalVoltage_kV)];
  switch (look) {
    case 'live':
      return [solid(live, width, options.faint ? 0.4 : 1)];
    case 'restored':
      return path.lateral
        ? [solid(live)]
        : [solid(colours['just-restored'], width + 8, 0.34), solid(live)];
    case 'parallel':
      return [solid(colours.parallel, width + 3.5), solid(colours['surface-canvas'], width - 1)];
    case 'dead':
    case 'suspected':
      if (path.lateral) return [{ colour: colours.dead, width: 1.8, dash: [3, 3], alpha: 1 }];
      return [solid(colours.dead, width + 2.5), solid(colours['surface-canvas'], width)];
    case 'faulted':
      if (path.lateral) return [{ colour: colours.faulted, width: 1.8, dash: [3, 3], alpha: 1 }];
      return [solid(colours.faulted, width + 3.5), solid(colours['faulted-fill'], width + 0.5)];
    case 'unknown':
      return [
        solid(colours['surface-canvas'], width + 1.5),
        { colour: colours.unknown, width, dash: [8, 4], alpha: 1 },
      ];
  }
}

const LOOK_COUNT = LINE_LOOKS.length;

/** What decides the strokes of a path at a moment. */
export interface LineState {
  readonly lookOf: (path: number) => LineLook;
  /** Colour by feeder, 0 for the colour of the voltage; null where all have that. */
  readonly hueOf: ((path: number) => number) | null;
  /** Colours by feeder, the first for number 1. */
  readonly hues: readonly string[];
  readonly faint: boolean;
}

/** Draws lines grouped by stroke, so that a frame changes the pen a few times, not once a line. */
export function drawLines(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  sheet: LineSheet,
  visible: Iterable<number>,
  state: LineState,
): void {
  const { penOf, pens } = sheet;
  const share = thinned(view);
  const groups = new Map<number, number[]>();
  for (const path of visible) {
    const hue = state.hueOf?.(path) ?? 0;
    const look = LINE_LOOKS.indexOf(state.lookOf(path));
    const key = ((penOf[path] ?? 0) * LOOK_COUNT + look) * (state.hues.length + 1) + hue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [path]);
    else group.push(path);
  }
  const layers: { readonly stroke: Stroke; readonly paths: readonly number[] }[][] = [[], []];
  for (const [key, paths] of groups) {
    const hue = key % (state.hues.length + 1);
    const rest = (key - hue) / (state.hues.length + 1);
    const [pen, look] = [pens[Math.floor(rest / LOOK_COUNT)], LINE_LOOKS[rest % LOOK_COUNT]];
    if (pen === undefined || look === undefined) continue;
    const feederColour = state.hues[hue - 1] ?? null;
    strokesOf(pen, look, palette, { feederColour, faint: state.faint, share }).forEach(
      (stroke, layer) => (layers[layer] ?? []).push({ stroke, paths }),
    );
  }
  ctx.lineJoin = 'round';
  for (const layer of layers) {
    // The widest first, so that a busbar never hides what leaves it.
    layer.sort((a, b) => b.stroke.width - a.stroke.width);
    for (const { stroke, paths } of layer) {
      ctx.strokeStyle = stroke.colour;
      ctx.lineWidth = stroke.width;
      ctx.globalAlpha = stroke.alpha;
      ctx.setLineDash([...stroke.dash]);
      // Pieces that may overlap are filled one by one only where that cannot be seen.
      const solid = stroke.alpha === 1 && stroke.dash.length === 0;
      ctx.fillStyle = stroke.colour;
      ctx.beginPath();
      for (const path of paths) traceRun(ctx, view, sheet, path, solid ? stroke.width : null);
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

/**
 * Draws a path of the sheet; what falls on one pixel is left out. Level and upright pieces are
 * filled at once as rectangles: without a GPU that takes a tenth of what stroking them takes.
 * Others, and all of them without `fill`, are added to the current path to be stroked.
 * @param fill - Width of the rectangles, CSS pixels.
 */
function traceRun(
  ctx: CanvasRenderingContext2D,
  { scaleX, scaleY, offsetX, offsetY }: Viewport,
  { starts, points }: LineSheet,
  path: number,
  fill: number | null,
): void {
  const start = starts[path] ?? 0;
  const end = starts[path + 1] ?? start;
  let x = Math.round((points[start] ?? 0) * scaleX + offsetX);
  let y = Math.round((points[start + 1] ?? 0) * scaleY + offsetY);
  let begun = false;
  const inset = 0.5 - (fill ?? 0) / 2;
  for (let i = start + 2; i < end; i += 2) {
    const nextX = Math.round((points[i] ?? 0) * scaleX + offsetX);
    const nextY = Math.round((points[i + 1] ?? 0) * scaleY + offsetY);
    if (nextX === x && nextY === y) continue;
    if (fill !== null && (nextX === x || nextY === y)) {
      ctx.fillRect(
        Math.min(x, nextX) + inset,
        Math.min(y, nextY) + inset,
        Math.abs(nextX - x) + fill,
        Math.abs(nextY - y) + fill,
      );
      begun = false;
    } else {
      if (!begun) ctx.moveTo(x + 0.5, y + 0.5);
      begun = true;
      ctx.lineTo(nextX + 0.5, nextY + 0.5);
    }
    [x, y] = [nextX, nextY];
  }
}

/** Adds a polyline to the current path, on half pixels so that it stays crisp. */
export function tracePath(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  points: readonly number[],
): void {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = toScreen(view, points[i] ?? 0, points[i + 1] ?? 0);
    const [px, py] = [Math.round(x) + 0.5, Math.round(y) + 0.5];
    if (i === 0) ctx.moveTo(px, py);
    else ctx.lineTo(px, py);
  }
}
