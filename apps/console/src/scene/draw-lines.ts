import type { DiagramPath } from '@relight/diagram';
import type { ColourName, Palette } from './palette.ts';
import type { LineLook } from './picture.ts';
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

function widthOf(path: DiagramPath): number {
  if (path.kind === 'bus') return path.nominalVoltage_kV >= 66 ? 5 : 7;
  if (path.lateral) return 1.8;
  return path.nominalVoltage_kV >= 66 ? 3 : path.nominalVoltage_kV > 24 ? 3 : 2.5;
}

/** The strokes of one line from below to above: form says the state, width the voltage. */
export function strokesOf(
  path: DiagramPath,
  look: LineLook,
  palette: Palette,
  options: { readonly feederColour: string | null; readonly faint: boolean },
): readonly Stroke[] {
  const colours = palette.colours;
  const width = widthOf(path);
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

/** Draws lines grouped by stroke, so that a frame changes the pen a few times, not once a line. */
export function drawLines(
  ctx: CanvasRenderingContext2D,
  view: Viewport,
  paths: readonly DiagramPath[],
  visible: readonly number[],
  strokesAt: (index: number) => readonly Stroke[],
): void {
  const layers: Map<string, { stroke: Stroke; paths: DiagramPath[] }>[] = [new Map(), new Map()];
  for (const index of visible) {
    const path = paths[index];
    if (path === undefined) continue;
    strokesAt(index).forEach((stroke, layer) => {
      const group = layers[layer] ?? layers[1];
      const key = `${stroke.colour}/${stroke.width}/${stroke.dash.join()}/${stroke.alpha}`;
      const known = group?.get(key);
      if (known === undefined) group?.set(key, { stroke, paths: [path] });
      else known.paths.push(path);
    });
  }
  ctx.lineJoin = 'round';
  for (const layer of layers) {
    // The widest first, so that a busbar never hides what leaves it.
    const groups = [...layer.values()].sort((a, b) => b.stroke.width - a.stroke.width);
    for (const { stroke, paths: members } of groups) {
      ctx.strokeStyle = stroke.colour;
      ctx.lineWidth = stroke.width;
      ctx.globalAlpha = stroke.alpha;
      ctx.setLineDash([...stroke.dash]);
      ctx.beginPath();
      for (const { points } of members) tracePath(ctx, view, points);
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
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
