import type { SectionView } from '@relight/contract';
import type { Palette } from './palette.ts';
import type { CardState, LineLook } from './picture.ts';
import { haloText } from './draw-symbols.ts';
import type { LabelRoom } from './label-room.ts';
import { fillHatch } from './sprites.ts';
import { toScreen, type Viewport } from './viewport.ts';

/** A dead section has five minutes before its outage counts as sustained. */
const CLOCK_MS = 5 * 60_000;
/** Height above the trunk; it may reach over what hangs from the row above, never to its trunk. */
const CARD_HEIGHT = { least: 24, most: 66, ofRow: 130 };
const BELOW_TRUNK = 15;

export interface CardBox {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** Height of the trunk on the screen. */
  readonly trunk: number;
}

/** Screen boxes of a section: the card first if it has one, then its lateral rows. */
export function cardBoxes(
  card: CardState,
  view: Viewport,
): { readonly card: CardBox | null; readonly others: readonly CardBox[] } {
  const box = (from: number, to: number, y: number, above: number): CardBox => {
    const [x0, trunk] = toScreen(view, from, y);
    const [x1] = toScreen(view, to, y);
    return {
      x: Math.round(x0) + 3.5,
      y: Math.round(trunk - above) + 0.5,
      w: Math.max(4, Math.round(x1 - x0) - 6),
      h: Math.round(above + BELOW_TRUNK),
      trunk,
    };
  };
  const { trunk, spans } = card.section;
  const above = Math.min(
    CARD_HEIGHT.most,
    Math.max(CARD_HEIGHT.least, CARD_HEIGHT.ofRow * view.scaleY),
  );
  return {
    card: trunk === null ? null : box(trunk[0], trunk[1], trunk[2], above),
    others: spans
      .filter(([from, , y]) => trunk === null || from !== trunk[0] || y !== trunk[2])
      .filter(([from, to]) => to - from > 6)
      .map(([from, to, y]) => box(from, to, y, BELOW_TRUNK)),
  };
}

const FRAMES: Readonly<
  Partial<
    Record<
      LineLook,
      readonly [
        'restored' | 'faulted' | 'dead' | 'suspected' | 'unknown',
        number,
        readonly number[],
      ]
    >
  >
> = {
  restored: ['restored', 1.2, []],
  faulted: ['faulted', 2.5, []],
  dead: ['dead', 1.4, [5, 4]],
  suspected: ['suspected', 1.6, [4, 3]],
  unknown: ['unknown', 1.2, [4, 3]],
};

function drawBox(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  look: LineLook,
  box: CardBox,
): void {
  const frame = FRAMES[look];
  if (frame === undefined) return;
  const [name, width, dash] = frame;
  const { colours } = palette;
  const shape = new Path2D();
  shape.roundRect(box.x, box.y, box.w, box.h, 3);
  if (look === 'unknown') {
    fillHatch(ctx, shape, box, 4, 1.2, colours['unknown-fill']);
  } else {
    ctx.fillStyle = colours[`${name}-fill`];
    ctx.beginPath();
    ctx.roundRect(box.x, box.y, box.w, box.h, 3);
    ctx.fill();
  }
  if (look === 'faulted') {
    const strip = new Path2D();
    const top = Math.max(box.y + 1, box.trunk - 26);
    strip.rect(box.x + 1, top, box.w - 2, box.y + box.h - top - 1);
    fillHatch(
      ctx,
      strip,
      { x: box.x, y: top, w: box.w, h: box.y + box.h - top },
      8,
      1.6,
      colours.faulted,
    );
  }
  ctx.strokeStyle = colours[name];
  ctx.lineWidth = width;
  ctx.setLineDash([...dash]);
  ctx.stroke(shape);
  ctx.setLineDash([]);
}

/** The tints behind the lines. */
export function drawCardGround(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  cards: readonly CardState[],
): void {
  for (const card of cards) {
    const boxes = cardBoxes(card, view);
    for (const other of boxes.others) drawBox(ctx, palette, card.look, other);
    if (boxes.card !== null) drawBox(ctx, palette, card.look, boxes.card);
  }
}

/** Words of a card; the caller knows the language. */
export interface CardWords {
  readonly state: string;
  readonly customers: string;
}

/** Lower than this a card has room for one line. */
const TWO_LINES = 50;
/** Narrower than this the step marks leave no room for a time in a low card; its bar stays. */
const LOW_CLOCK = 84;
const LINE = 15;
const INSET = 6;
/** So far from the left a line begins where something stands at its usual place. */
const BESIDE = 26;

function showsClock(card: CardState): boolean {
  return card.view.deadSince_ms !== null && card.look !== 'restored' && card.look !== 'unknown';
}

function clockFont(palette: Palette, box: CardBox): string {
  return `600 ${box.w < 90 ? 13 : 16}px ${palette.fontNumber}`;
}

/**
 * State word and customers at the left of each card, under each other; the clock stands in the
 * upper right. A word stands where no symbol does: what has no such line is left out, and the
 * number of customers is never written without its unit. That a part is dead its dashes and its
 * clock say; no word repeats it.
 * @param room - Where symbols stand already; the words take their places in it.
 */
export function drawCardWords(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  cards: readonly CardState[],
  wordsOf: (card: CardState) => CardWords,
  room: LabelRoom,
): void {
  const { colours, fontNumber, fontText } = palette;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  for (const card of cards) {
    const box = cardBoxes(card, view).card;
    const frame = FRAMES[card.look];
    if (box === null || frame === undefined) continue;
    const clock = showsClock(card);
    const twoLines = box.h - BELOW_TRUNK >= TWO_LINES;
    if (clock && !twoLines) continue;
    const halo = frame[0] === 'unknown' ? 'surface-canvas' : (`${frame[0]}-fill` as const);
    const words = wordsOf(card);
    const wordFont = `${card.look === 'faulted' ? 600 : 500} 12px ${fontText}`;
    const wordColour =
      card.look === 'faulted'
        ? colours.faulted
        : card.look === 'suspected'
          ? colours.suspected
          : colours['text-2'];
    const first = box.y + (clock ? 20 : LINE + 1);
    ctx.font = clockFont(palette, box);
    const besideClock = clock ? ctx.measureText('+0:00').width + INSET : 0;
    // The first line ends at the clock; the last one stays clear of the trunk.
    const lines: { readonly y: number; readonly width: number }[] = [];
    for (let y = first; y <= box.trunk - 8; y += LINE)
      lines.push({ y, width: box.w - 2 * INSET - (y === first ? besideClock : 0) });
    const write = (text: string, font: string, colour: string): void => {
      if (text === '') return;
      ctx.font = font;
      const { width } = ctx.measureText(text);
      for (const [i, line] of lines.entries())
        for (const right of [0, BESIDE, line.width - width]) {
          const [x, y] = [Math.round(box.x + INSET + right), Math.round(line.y)];
          if (right < 0 || right + width > line.width) continue;
          if (!room.claim({ x0: x, y0: y - 10, x1: x + width, y1: y + 2 })) continue;
          haloText(ctx, palette, text, x, y, colour, halo);
          lines.splice(0, i + 1);
          return;
        }
    };
    write(card.look === 'dead' ? '' : words.state, wordFont, wordColour);
    write(words.customers, `400 12px ${fontNumber}`, colours['text-1']);
  }
}

/** Time left of the five minutes, as "2:34"; past them "+0:12". */
export function clockText(view: SectionView, now_ms: number): string {
  const left = CLOCK_MS - (now_ms - (view.deadSince_ms ?? now_ms));
  const seconds = Math.floor(Math.abs(left) / 1000);
  return `${left < 0 ? '+' : ''}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The five-minute bar along the upper edge of dead sections and the time left; redrawn each second. */
export function drawClocks(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  cards: readonly CardState[],
  now_ms: number,
): void {
  const { colours } = palette;
  for (const card of cards) {
    const since = card.view.deadSince_ms;
    const box = cardBoxes(card, view).card;
    if (box === null || since === null || !showsClock(card)) continue;
    const left = Math.max(0, 1 - (now_ms - since) / CLOCK_MS);
    ctx.fillStyle = colours['surface-canvas'];
    ctx.fillRect(box.x, box.y, box.w, 5);
    ctx.fillStyle = colours['text-1'];
    ctx.fillRect(box.x, box.y, Math.round(box.w * left), 5);
    ctx.strokeStyle = colours['text-2'];
    ctx.lineWidth = 1;
    ctx.strokeRect(box.x, box.y, box.w, 5);
    const low = box.h - BELOW_TRUNK < TWO_LINES;
    if (box.w < (low ? LOW_CLOCK : 34)) continue;
    ctx.font = clockFont(palette, box);
    ctx.fillStyle = colours['text-1'];
    // In a low card the step marks take the corners, so the time stands in the middle.
    ctx.textAlign = low ? 'center' : 'right';
    const x = low ? box.x + box.w / 2 : box.x + box.w - 5;
    ctx.fillText(clockText(card.view, now_ms), x, box.y + 20);
  }
  ctx.textAlign = 'left';
}
