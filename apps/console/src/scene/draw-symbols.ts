import type { DiagramSymbol, SymbolKind } from '@relight/diagram';
import type { ColourName, Palette } from './palette.ts';
import type { Picture, SymbolState } from './picture.ts';
import type { TagMark } from '../tags/tag-marks.ts';
import type { SpriteCache } from './sprites.ts';
import { toScreen, type Viewport } from './viewport.ts';

/** Name of a symbol in the sheet, and whether it turns with a vertical line. */
const FORMS: Readonly<Record<SymbolKind, readonly [string, boolean]>> = {
  // The bar lies along the line where closed and across it where open, so it turns with the line.
  breaker: ['breaker', true],
  recloser: ['recloser', false],
  loadBreakSwitch: ['load-break', true],
  disconnector: ['disconnector', true],
  sectionaliser: ['sectionaliser', false],
  fuse: ['fuse', true],
  transformer: ['transformer', true],
  load: ['transformer', true],
  source: ['source', false],
  generator: ['generator', false],
  capacitor: ['capacitor', true],
  faultIndicator: ['fault-indicator', false],
  groundDisconnector: ['ground-disconnector', true],
};

/** The name of a device in the symbol sheet: "load-break-open". */
export function symbolName(kind: SymbolKind, look: SymbolState['look']): string {
  return `${FORMS[kind][0]}-${look}`;
}

/** Whether a symbol turns where its line runs up and down; letters never turn. */
export function turnsWithLine(kind: SymbolKind): boolean {
  return FORMS[kind][1];
}

/** Sizes by how far the picture is zoomed: a whole region, far, working, near. */
export interface SymbolSizes {
  readonly device: number;
  readonly small: number;
  readonly showSmall: boolean;
  /** So far away that a device in its normal state is a dot. */
  readonly dots: boolean;
  /** Junctions and names of devices are drawn. */
  readonly details: boolean;
  /** Names of devices with the word for their kind: everywhere or nowhere, so that rows look alike. */
  readonly words: boolean;
  /** Pixels of a unit of the diagram, along x and y. */
  readonly scale: readonly [number, number];
}

/** Things that hang side by side are this far apart, in units of the diagram. */
const HANGING = 24;
/** Nearer to each other than this they are left to their stubs. */
const LEAST_HANGING_PX = 15;
/** Where a device has so much of its designed size, "LBS 471/58" fits between what hangs beside it. */
const WORDS_FROM = 1.1;

export function symbolSizes(view: Viewport): SymbolSizes {
  const scale = Math.min(view.scaleX, view.scaleY * 1.6);
  const device = scale < 0.3 ? 10 : scale < 0.55 ? 14 : scale < 1.5 ? 18 : 22;
  return {
    device,
    small: device <= 10 ? 8 : 13,
    showSmall: view.scaleX * HANGING >= LEAST_HANGING_PX && scale > 0.32,
    dots: scale < 0.14,
    details: scale > 0.2,
    words: view.scaleX >= WORDS_FROM,
    scale: [view.scaleX, view.scaleY],
  };
}

const SMALL = new Set<SymbolKind>(['load', 'capacitor', 'generator', 'groundDisconnector']);

const LEAST_SIZE = 6;
/** What hangs from the network and has less room than this is left to its stub. */
const LEAST_SMALL = 8;

/** Screen size of a symbol: as its kind has it, or what its neighbours leave, whole pixels. */
export function sizeOf(symbol: DiagramSymbol, sizes: SymbolSizes): number {
  const wanted =
    symbol.kind === 'transformer'
      ? sizes.device + 8
      : SMALL.has(symbol.kind)
        ? sizes.small
        : sizes.device;
  const [x, y] = symbol.clear;
  const room = Math.min(x * sizes.scale[0], y * sizes.scale[1]) - 1;
  return room >= wanted ? wanted : Math.max(LEAST_SIZE, Math.floor(room));
}

const FLAG_SIZE = 15;
const FLAG_ABOVE = 12;

/**
 * Middle and half width of the flag drawn at a symbol, CSS pixels; null where none is.
 * @param half - Half the size of the symbol on the screen.
 */
export function flagPlace(
  symbol: DiagramSymbol,
  state: SymbolState,
  sizes: SymbolSizes,
  x: number,
  y: number,
  half: number,
): readonly [number, number, number] | null {
  if (!showsFlag(state.indicator, sizes)) return null;
  const along = symbol.kind === 'faultIndicator' ? 0 : half + 8;
  return [x + along, y - FLAG_ABOVE, FLAG_SIZE / 2];
}

/** In a small picture only the flags that saw a fault are worth their place. */
function showsFlag(look: SymbolState['indicator'], sizes: SymbolSizes): boolean {
  return look === 'closed' || (look !== null && sizes.device >= 18);
}

const DOT = 3;

/** Nothing a person would look for from afar: in its normal state, and known to be. */
function isQuiet(symbol: DiagramSymbol, state: SymbolState): boolean {
  if (symbol.kind === 'faultIndicator') return state.indicator !== 'closed';
  return !state.ring && state.letter === null && state.look !== 'bad' && state.look !== 'mid';
}

/** Draws the visible symbols, with ring, letter and flag. */
export function drawSymbols(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  sprites: SpriteCache,
  view: Viewport,
  symbols: readonly DiagramSymbol[],
  visible: Iterable<number>,
  picture: Picture,
  abnormalOnly: boolean,
): void {
  const sizes = symbolSizes(view);
  const { colours, fontNumber } = palette;
  const dots: (readonly [number, number])[] = [];
  for (const index of visible) {
    const symbol = symbols[index];
    const state = picture.symbols[index];
    if (symbol === undefined || state === undefined) continue;
    if (SMALL.has(symbol.kind) && !sizes.showSmall) continue;
    if (symbol.kind === 'faultIndicator' && state.indicator === null) continue;
    const [x, y] = toScreen(view, symbol.x, symbol.y);
    if (sizes.dots && isQuiet(symbol, state)) {
      if (symbol.kind !== 'faultIndicator') dots.push([Math.round(x), Math.round(y)]);
      continue;
    }
    if (symbol.kind === 'faultIndicator') {
      const flag = flagPlace(symbol, state, sizes, x, y, 0);
      if (flag !== null)
        sprites.draw(ctx, symbolName(symbol.kind, state.look), flag[0], flag[1], FLAG_SIZE);
      continue;
    }
    if (symbol.kind === 'groundDisconnector' && state.look === 'open' && view.zoom < 1.5) continue;
    const size = sizeOf(symbol, sizes);
    if (SMALL.has(symbol.kind) && size < LEAST_SMALL) continue;
    const [form, turns] = FORMS[symbol.kind];
    const quiet = abnormalOnly && !state.ring && state.look !== 'bad' && state.letter === null;
    ctx.globalAlpha = quiet ? 0.4 : 1;
    if (symbol.kind === 'disconnector') {
      ctx.fillStyle = colours['surface-canvas'];
      const [w, h] = symbol.vertical ? [8, size - 6] : [size - 6, 8];
      ctx.fillRect(x - w / 2, y - h / 2, w, h);
    }
    sprites.draw(ctx, `${form}-${state.look}`, x, y, size, turns && symbol.vertical);
    ctx.globalAlpha = 1;
    if (state.ring) {
      ctx.strokeStyle = colours.abnormal;
      ctx.lineWidth = 1.6;
      ctx.beginPath();
      ctx.arc(Math.round(x), Math.round(y), size / 2 + 4, 0, 2 * Math.PI);
      ctx.stroke();
    }
    if (state.letter !== null) {
      ctx.font = `600 12px ${fontNumber}`;
      ctx.textAlign = 'left';
      haloText(ctx, palette, state.letter, x + size / 2 + 2, y - size / 2 + 2, colours.unknown);
    }
    const flag = flagPlace(symbol, state, sizes, x, y, size / 2);
    if (flag !== null && state.indicator !== null)
      sprites.draw(ctx, symbolName('faultIndicator', state.indicator), flag[0], flag[1], FLAG_SIZE);
  }
  ctx.fillStyle = colours['text-2'];
  for (const [x, y] of dots) ctx.fillRect(x - 1, y - 1, DOT, DOT);
}

const TAG_SIZE = 18;

/** Middle and half width of a sign, CSS pixels. */
export function tagPlace(
  { x, y, onDevice, n }: TagMark,
  view: Viewport,
): readonly [number, number, number] {
  const { device } = symbolSizes(view);
  const [sx, sy] = toScreen(view, x, y);
  return [
    sx - (onDevice ? device / 2 + 14 : 0) + n * (TAG_SIZE + 3),
    sy - (onDevice ? device / 2 + 10 : -14),
    TAG_SIZE / 2 + 2,
  ];
}

/** Tags, earths and joints in doubt, also from afar: who looks must see them first. */
export function drawTags(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  sprites: SpriteCache,
  view: Viewport,
  picture: Picture,
): void {
  for (const mark of picture.tags) {
    const [x, y, half] = tagPlace(mark, view);
    ctx.fillStyle = palette.colours['surface-raised'];
    ctx.beginPath();
    ctx.roundRect(x - half, y - half, 2 * half, 2 * half, 3);
    ctx.fill();
    sprites.draw(ctx, mark.symbol, x, y, TAG_SIZE);
  }
}

/** Text that stays legible on lines and hatches. */
export function haloText(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  text: string,
  x: number,
  y: number,
  colour: string,
  halo: ColourName = 'surface-canvas',
): void {
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4;
  ctx.strokeStyle = palette.colours[halo];
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}
