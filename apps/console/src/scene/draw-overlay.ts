import type { GridBook } from '../store/grid-book.ts';
import { drawClocks } from './draw-cards.ts';
import { tracePath } from './draw-lines.ts';
import { sizeOf, symbolSizes } from './draw-symbols.ts';
import { MARK_RADIUS, markPlaces } from './step-marks.ts';
import type { Palette } from './palette.ts';
import type { Picture, StepMark } from './picture.ts';
import type { Trace } from '../trace/trace.ts';
import { toScreen, type Viewport } from './viewport.ts';

function drawMark(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  x: number,
  y: number,
  mark: StepMark,
): void {
  const { colours, fontNumber } = palette;
  const next = mark.state === 'next';
  const edge =
    mark.state === 'done'
      ? colours['text-2']
      : mark.state === 'failed'
        ? colours['alarm-1']
        : colours.accent;
  ctx.beginPath();
  ctx.arc(x, y, MARK_RADIUS, 0, 2 * Math.PI);
  ctx.fillStyle = next ? colours.accent : colours['surface-raised'];
  ctx.fill();
  ctx.strokeStyle = edge;
  ctx.lineWidth = 1.6;
  ctx.stroke();
  if (mark.state === 'done' || mark.state === 'failed') {
    ctx.lineWidth = 2;
    ctx.beginPath();
    if (mark.state === 'done') {
      ctx.moveTo(x - 4, y);
      ctx.lineTo(x - 1, y + 3.5);
      ctx.lineTo(x + 4.5, y - 3.5);
    } else {
      ctx.moveTo(x - 3.5, y - 3.5);
      ctx.lineTo(x + 3.5, y + 3.5);
      ctx.moveTo(x + 3.5, y - 3.5);
      ctx.lineTo(x - 3.5, y + 3.5);
    }
    ctx.stroke();
    return;
  }
  ctx.font = `600 12px ${fontNumber}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = next ? colours['on-accent'] : colours.accent;
  ctx.fillText(String(mark.n), x, y + 4.5);
  ctx.textAlign = 'left';
}

/** Corner brackets round a place. */
function drawBrackets(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  reach: number,
  colour: string,
): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  for (const [dx, dy] of [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const) {
    const [cx, cy] = [Math.round(x) + dx * reach, Math.round(y) + dy * reach];
    ctx.moveTo(cx, cy - dy * 8);
    ctx.lineTo(cx, cy);
    ctx.lineTo(cx - dx * 8, cy);
  }
  ctx.stroke();
}

/** A band along everything a trace found. */
function drawTrace(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  { diagram }: GridBook,
  { branches, nodes }: Trace,
): void {
  ctx.strokeStyle = palette.colours.selection;
  ctx.globalAlpha = 0.3;
  ctx.lineWidth = 9;
  ctx.beginPath();
  for (const path of diagram.paths)
    if (path.kind === 'line' ? branches.has(path.id) : nodes.has(path.node))
      tracePath(ctx, view, path.points);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** What changes by the second or under the pointer: clocks, step numbers, selection, hover. */
export function drawOverlay(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  book: GridBook,
  picture: Picture,
  options: {
    readonly now_ms: number;
    readonly selected: string | null;
    readonly hovered: string | null;
    readonly trace: Trace | null;
    /** Whether a switch has the ring of what is off its normal state. */
    readonly ringed: (id: string) => boolean;
  },
): void {
  const { colours } = palette;
  const sizes = symbolSizes(view);
  drawClocks(ctx, palette, view, picture.cards, options.now_ms);

  if (options.trace !== null) drawTrace(ctx, palette, view, book, options.trace);
  for (const [id, width, alpha] of [
    [options.hovered, 8, 0.25],
    [options.selected, 10, 0.4],
  ] as const) {
    if (id === null) continue;
    const line = book.linePaths.get(id);
    if (line !== undefined) {
      ctx.strokeStyle = colours.selection;
      ctx.globalAlpha = alpha;
      ctx.lineWidth = width;
      ctx.lineCap = 'round';
      ctx.beginPath();
      tracePath(ctx, view, line.points);
      ctx.stroke();
      ctx.lineCap = 'butt';
      ctx.globalAlpha = 1;
      continue;
    }
    const symbol = book.symbols.get(id);
    if (symbol === undefined) continue;
    const [x, y] = toScreen(view, symbol.x, symbol.y);
    const half = sizeOf(symbol, sizes) / 2;
    if (id === options.selected) drawBrackets(ctx, x, y, half + 7, colours.selection);
    else {
      ctx.strokeStyle = colours.selection;
      ctx.lineWidth = 1;
      ctx.strokeRect(
        Math.round(x - half) - 3.5,
        Math.round(y - half) - 3.5,
        half * 2 + 7,
        half * 2 + 7,
      );
    }
  }

  for (const [id, marks] of picture.steps) {
    const symbol = book.symbols.get(id);
    if (symbol === undefined) continue;
    const [x, y] = toScreen(view, symbol.x, symbol.y);
    const half = sizeOf(symbol, sizes) / 2;
    const places = markPlaces(view, symbol, sizes, marks.length, options.ringed(id));
    marks.forEach((mark, i) => {
      const [mx, my] = places[i] ?? [x, y];
      drawMark(ctx, palette, mx, my, mark);
    });
    if (marks.some((m) => m.state === 'next') && symbol.id !== options.selected)
      drawBrackets(ctx, x, y, half + 6, colours.accent);
  }
}
