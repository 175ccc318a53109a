import type { DiagramFeederHead, DiagramSymbol, NetworkDiagram } from '@relight/diagram';
import { cardBoxes } from './draw-cards.ts';
import { flagPlace, haloText, sizeOf, symbolSizes, tagPlace } from './draw-symbols.ts';
import { LabelRoom } from './label-room.ts';
import type { Palette } from './palette.ts';
import type { Picture } from './picture.ts';
import { MARK_RADIUS, markPlaces } from './step-marks.ts';
import { toScreen, type Viewport } from './viewport.ts';

/** What stands beside a feeder head: number, then customers and current. */
export interface HeadWords {
  readonly name: string;
  readonly detail: string;
}

interface Piece {
  readonly text: string;
  readonly font: string;
  readonly colour: string;
}

type Anchor = 'left' | 'center' | 'right';

const MOST_WIDTHS = 20_000;
/** Measured widths; a palette is read anew when the fonts arrive. */
const widthsOf = new WeakMap<Palette, Map<string, number>>();

/** Leaves a word out rather than print it over another. */
class Writer {
  readonly #ctx: CanvasRenderingContext2D;
  readonly #palette: Palette;
  readonly #widths: Map<string, number>;
  readonly room: LabelRoom;

  constructor(ctx: CanvasRenderingContext2D, palette: Palette, room: LabelRoom) {
    this.#ctx = ctx;
    this.#palette = palette;
    this.room = room;
    this.#widths = widthsOf.get(palette) ?? new Map();
    widthsOf.set(palette, this.#widths);
  }

  width(pieces: readonly Piece[]): number {
    return pieces.reduce((total, piece) => total + this.#widthOf(piece), 0);
  }

  #widthOf({ text, font }: Piece): number {
    const key = `${font}|${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    this.#ctx.font = font;
    const { width } = this.#ctx.measureText(text);
    // Figures change for ever; what was measured long ago is measured again.
    if (this.#widths.size >= MOST_WIDTHS) this.#widths.clear();
    this.#widths.set(key, width);
    return width;
  }

  /** Writes the first choice that has room; y is the base line. */
  write(choices: readonly (readonly Piece[])[], x: number, y: number, anchor: Anchor): boolean {
    for (const pieces of choices) {
      const width = this.width(pieces);
      const left = anchor === 'left' ? x : anchor === 'right' ? x - width : x - width / 2;
      if (!this.room.claim({ x0: left - 3, y0: y - 11, x1: left + width + 3, y1: y + 3 })) continue;
      let at = left;
      this.#ctx.textAlign = 'left';
      for (const piece of pieces) {
        this.#ctx.font = piece.font;
        haloText(this.#ctx, this.#palette, piece.text, Math.round(at), Math.round(y), piece.colour);
        at += this.#widthOf(piece);
      }
      return true;
    }
    return false;
  }
}

/** How far above its bar the name of a station stands, CSS pixels at most zooms. */
const NAME_OF_STATION = 12;

/** Beside a switch whose flag reaches into the place of its name, the name stands so much lower. */
const UNDER_FLAG = 5;

function symbolPriority(symbol: DiagramSymbol): number {
  return symbol.normallyOpen && !symbol.station ? 0 : symbol.station ? 2 : 1;
}

/** Where busbars, symbols, flags, signs and step marks stand, so that no word is written over them. */
export function roomOfSymbols(
  view: Viewport,
  diagram: NetworkDiagram,
  visible: Iterable<number>,
  picture: Picture,
): LabelRoom {
  const room = new LabelRoom();
  const sizes = symbolSizes(view);
  const round = (x: number, y: number, half: number): void =>
    room.take({ x0: x - half, y0: y - half, x1: x + half, y1: y + half });
  for (const { kind, points } of diagram.paths) {
    if (kind !== 'bus') continue;
    const [x0, y0] = toScreen(view, points[0] ?? 0, points[1] ?? 0);
    const [x1, y1] = toScreen(view, points[2] ?? 0, points[3] ?? 0);
    room.take({ x0: x0 - 4, y0: y0 - 3, x1: x1 + 4, y1: y1 + 3 });
  }
  for (const tag of picture.tags) round(...tagPlace(tag, view));
  for (const index of visible) {
    const symbol = diagram.symbols[index];
    const state = picture.symbols[index];
    if (symbol === undefined || state === undefined || sizes.dots) continue;
    const small = symbol.kind === 'load' || symbol.kind === 'groundDisconnector';
    if (small && !(sizes.showSmall && symbol.kind === 'load')) continue;
    const half = sizeOf(symbol, sizes) / 2;
    const [x, y] = toScreen(view, symbol.x, symbol.y);
    if (symbol.kind !== 'faultIndicator') round(x, y, half - (small ? 2 : 0));
    const flag = flagPlace(symbol, state, sizes, x, y, half);
    if (flag !== null) round(...flag);
    const marks = picture.steps.get(symbol.id);
    if (marks === undefined) continue;
    for (const [mx, my] of markPlaces(view, symbol, sizes, marks.length, state.ring))
      round(mx, my, MARK_RADIUS);
  }
  return room;
}

/**
 * Every word of the picture except those on cards.
 * @param room - Where something stands already.
 */
export function drawLabels(
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  view: Viewport,
  diagram: NetworkDiagram,
  visible: Iterable<number>,
  picture: Picture,
  room: LabelRoom,
  options: {
    readonly headWords: (head: DiagramFeederHead) => HeadWords;
    readonly stationVoltage: (bus: string) => string;
    readonly abnormalOnly: boolean;
  },
): void {
  const writer = new Writer(ctx, palette, room);
  const { colours, fontNumber, fontText } = palette;
  const regular = `400 12px ${fontNumber}`;
  const bold = `600 12px ${fontNumber}`;
  const sizes = symbolSizes(view);
  ctx.textBaseline = 'alphabetic';

  for (const card of picture.cards) {
    const box = cardBoxes(card, view).card;
    if (box !== null)
      writer.room.take({ x0: box.x, y0: box.y, x1: box.x + box.w, y1: box.trunk - 8 });
  }
  for (const text of diagram.texts) {
    const [x, y] = toScreen(view, text.x, text.y);
    const anchor = text.align === 'start' ? 'left' : text.align === 'end' ? 'right' : 'center';
    if (text.kind === 'station') {
      const font = `600 13px ${fontText}`;
      const head = { text: text.text, font, colour: colours['text-1'] };
      // A name that would be cut at the edge of the pane is moved inside.
      const [width, edge] = [writer.width([head]), ctx.canvas.clientWidth - 8];
      const inside =
        anchor === 'left' && x < 8 && x > -width
          ? 8
          : anchor === 'right' && x > edge && x - width < edge
            ? edge
            : x;
      const places: readonly (readonly [number, number, Anchor])[] = [
        [inside, Math.max(16, y - 8), anchor],
        // Where its place is taken, as on a map, it stands beside or below.
        [x + 26, y + NAME_OF_STATION + 4, 'left'],
        [x - 26, y + NAME_OF_STATION + 4, 'right'],
        [x, y + NAME_OF_STATION + 30, 'center'],
      ];
      places.some(([px, py, side]) => writer.write([[head]], px, py, side));
    } else if (text.kind === 'bus') {
      const bus = text.id.slice('bus:'.length);
      const name = { text: text.text, font: bold, colour: colours['text-1'] };
      const voltage = {
        text: options.stationVoltage(bus),
        font: regular,
        colour: colours['text-2'],
      };
      const at = x + (anchor === 'right' ? 3 : -3);
      // What would be cut at the edge of the pane is left out, the voltage first.
      const fits = (pieces: readonly Piece[]): boolean => {
        const width = writer.width(pieces);
        return anchor === 'right'
          ? at - width >= 4 || at < 0
          : at + width <= ctx.canvas.clientWidth - 4 || at > ctx.canvas.clientWidth;
      };
      writer.write([[name, voltage], [name]].filter(fits), at, y - 7, anchor);
    } else {
      writer.write([[{ text: text.text, font: regular, colour: colours['text-2'] }]], x, y, anchor);
    }
  }

  for (const head of diagram.heads) {
    const [x, y] = toScreen(view, head.x, head.y);
    const words = options.headWords(head);
    if (words.name === '') continue;
    const name = { text: words.name, font: bold, colour: colours['text-1'] };
    const detail = { text: `  ${words.detail}`, font: regular, colour: colours['text-1'] };
    const at = x + head.direction * (sizes.device / 2 + 5);
    const anchor = head.direction > 0 ? 'left' : 'right';
    const written = writer.write(
      words.detail === '' ? [[name]] : [[name, detail], [name]],
      at,
      y - sizes.device / 2 - 5,
      anchor,
    );
    // Where the card of the first section stands above, the head is named below.
    if (!written) writer.write([[name]], x, y + sizes.device / 2 + 15, 'center');
  }

  const labelled = [...visible]
    .filter((index) => {
      const symbol = diagram.symbols[index];
      const wanted = sizes.details || picture.symbols[index]?.ring === true;
      return wanted && symbol !== undefined && symbol.labelSide !== 'none';
    })
    .sort((a, b) => {
      const [p, q] = [diagram.symbols[a], diagram.symbols[b]];
      return p === undefined || q === undefined
        ? 0
        : symbolPriority(p) - symbolPriority(q) || a - b;
    });
  for (const index of labelled) {
    const symbol = diagram.symbols[index];
    const state = picture.symbols[index];
    if (symbol === undefined || state === undefined) continue;
    if (options.abnormalOnly && !state.ring && !symbol.normallyOpen) continue;
    const [x, y] = toScreen(view, symbol.x, symbol.y);
    const half = sizeOf(symbol, sizes) / 2;
    const colour = symbol.station ? colours['text-2'] : colours['text-1'];
    const short = [{ text: symbol.label, font: regular, colour }];
    const long =
      symbol.word === '' || symbol.station || !(sizes.words || symbol.normallyOpen)
        ? short
        : [{ text: `${symbol.word} ${symbol.label}`, font: regular, colour }];
    const [lx, ly, anchor]: [number, number, Anchor] =
      symbol.labelSide === 'above'
        ? [x, y - half - 6, 'center']
        : symbol.labelSide === 'below'
          ? [x, y + half + 15, 'center']
          : symbol.labelSide === 'left'
            ? [x - half - 5, y + 4, 'right']
            : [x + half + 5, y + 4, 'left'];
    if (writer.write([long, short], lx, ly, anchor)) continue;
    // Where its own place is taken a level switch is named on the other side of its line.
    if (symbol.labelSide === 'below') writer.write([short], x, y - half - 6, 'center');
    else if (symbol.labelSide === 'above') writer.write([short], x, y + half + 15, 'center');
    else writer.write([long, short], lx, ly + UNDER_FLAG, anchor);
  }
}
