import type { DiagramFeederHead } from '@relight/diagram';
import type { GridBook } from '../store/grid-book.ts';
import type { Trace } from '../trace/trace.ts';
import type { ColourMode, Selection } from '../store/ui-store.ts';
import { drawCardGround, drawCardWords, type CardWords } from './draw-cards.ts';
import { drawLabels, roomOfSymbols, type HeadWords } from './draw-labels.ts';
import { drawLines } from './draw-lines.ts';
import { lineHues } from './line-hues.ts';
import { lineSheet, type LineSheet } from './line-sheet.ts';
import { drawOverlay } from './draw-overlay.ts';
import { drawSymbols, drawTags, symbolSizes } from './draw-symbols.ts';
import { readPalette, type Palette } from './palette.ts';
import type { CardState, Picture } from './picture.ts';
import { REACH_PX, selectionAt } from './scene-host.ts';
import { SpriteCache } from './sprites.ts';
import {
  centredOn,
  fitScales,
  fitted,
  toDiagram,
  toScreen,
  workingZoom,
  zoomedAt,
  type Size,
  type Viewport,
} from './viewport.ts';

/** Words that go on the picture, in the language of the window. */
export interface SceneWords {
  readonly head: (head: DiagramFeederHead) => HeadWords;
  readonly card: (card: CardState) => CardWords;
  readonly bus: (bus: string) => string;
}

export interface SceneOptions {
  readonly words: SceneWords;
  readonly colour: ColourMode;
  /** Share of its rating that each feeder carries, where lines are coloured by it. */
  readonly loading: ReadonlyMap<string, number | null> | null;
  readonly abnormalOnly: boolean;
  readonly selected: string | null;
  readonly trace: Trace | null;
  readonly now_ms: () => number;
}

/**
 * Tells who watches (`relight bench console`, the browser's own tools) how long a drawing took.
 * The entry is dropped at once, or a shift of them would fill the memory.
 */
function tellMeasured(start: number): void {
  performance.measure('relight:picture', { start, end: performance.now() });
  performance.clearMeasures('relight:picture');
}

/**
 * Draws the diagram on two canvases: the picture, redrawn when the view or the state changes, and
 * the overlay with clocks and selection. At most one drawing per animation frame.
 */
export class SceneEngine {
  readonly #picture: CanvasRenderingContext2D;
  readonly #overlay: CanvasRenderingContext2D;
  readonly #book: GridBook;
  readonly #sheet: LineSheet;
  readonly #symbolNumbers: ReadonlyMap<string, number>;
  #palette: Palette;
  #sprites: SpriteCache;
  #pane: Size = { width: 0, height: 0 };
  #ratio = 1;
  #view: Viewport;
  /** Until somebody moves the picture it keeps filling its pane. */
  #fits = true;
  #state: Picture | null = null;
  #options: SceneOptions | null = null;
  #hovered: string | null = null;
  #frame = 0;
  #pictureDirty = false;

  constructor(picture: HTMLCanvasElement, overlay: HTMLCanvasElement, book: GridBook) {
    const contexts = [picture.getContext('2d', { alpha: false }), overlay.getContext('2d')];
    const [below, above] = contexts;
    if (below === null || above === null || below === undefined || above === undefined)
      throw new Error('this browser has no 2D canvas');
    this.#picture = below;
    this.#overlay = above;
    this.#book = book;
    this.#palette = readPalette();
    this.#sprites = new SpriteCache(this.#palette, 1);
    this.#view = fitted(book.diagram, { width: 800, height: 600 });
    this.#sheet = lineSheet(book.diagram.paths);
    this.#symbolNumbers = new Map(book.diagram.symbols.map(({ id }, i) => [id, i]));
  }

  /** Adopts the size of the pane in CSS pixels and the pixel ratio of the screen. */
  resize(pane: Size, ratio: number): void {
    if (pane.width < 2 || pane.height < 2) return;
    this.#pane = pane;
    this.#ratio = ratio;
    for (const { canvas } of [this.#picture, this.#overlay]) {
      canvas.width = Math.round(pane.width * ratio);
      canvas.height = Math.round(pane.height * ratio);
    }
    this.#sprites = new SpriteCache(this.#palette, ratio);
    if (this.#fits) this.#view = fitted(this.#book.diagram, pane);
    this.#redraw(true);
  }

  /** Adopts another pixel ratio at the size there is. */
  sharpen(ratio: number): void {
    this.resize(this.#pane, ratio);
  }

  /** Reads the colours again after the theme changed or the fonts arrived. */
  refreshTheme(): void {
    this.#palette = readPalette();
    this.#sprites = new SpriteCache(this.#palette, this.#ratio);
    this.#redraw(true);
  }

  show(state: Picture, options: SceneOptions): void {
    this.#state = state;
    this.#options = options;
    this.#redraw(true);
  }

  /** Draws the clocks anew. */
  tick(): void {
    this.#redraw(false);
  }

  fit(): void {
    this.#fits = true;
    this.#view = fitted(this.#book.diagram, this.#pane);
    this.#redraw(true);
  }

  zoomAt(factor: number, x: number, y: number): void {
    this.#fits = false;
    const fit = fitScales(this.#book.diagram, this.#pane);
    this.#view = zoomedAt(this.#view, fit, factor, x, y);
    this.#redraw(true);
  }

  zoom(factor: number): void {
    this.zoomAt(factor, this.#pane.width / 2, this.#pane.height / 2);
  }

  /** The size the diagram is designed for, about the middle of the pane. */
  zoomToWorking(): void {
    const fit = fitScales(this.#book.diagram, this.#pane);
    this.zoom(workingZoom(fit) / this.#view.zoom);
  }

  pan(dx: number, dy: number): void {
    this.#fits = false;
    const { offsetX, offsetY } = this.#view;
    this.#view = { ...this.#view, offsetX: offsetX + dx, offsetY: offsetY + dy };
    this.#redraw(true);
  }

  /** Brings equipment to the middle at the zoom there is. */
  centre(id: string): void {
    const place = this.placeOf(id);
    if (place === null) return;
    this.#fits = false;
    const [x, y] = toDiagram(this.#view, place[0], place[1]);
    this.#view = centredOn(this.#view, this.#pane, x, y);
    this.#redraw(true);
  }

  /** Place of equipment in the pane, CSS pixels; null if the diagram does not show it. */
  placeOf = (id: string): readonly [number, number] | null => {
    const symbol = this.#book.symbols.get(id);
    if (symbol !== undefined) return toScreen(this.#view, symbol.x, symbol.y);
    const points = this.#book.linePaths.get(id)?.points;
    if (points === undefined) return null;
    // Middle of the longest stretch: a place that is surely on the line.
    let best = 0;
    let length = -1;
    for (let i = 0; i + 3 < points.length; i += 2) {
      const reach =
        Math.abs((points[i + 2] ?? 0) - (points[i] ?? 0)) * this.#view.scaleX +
        Math.abs((points[i + 3] ?? 0) - (points[i + 1] ?? 0)) * this.#view.scaleY;
      if (reach > length) [best, length] = [i, reach];
    }
    return toScreen(
      this.#view,
      ((points[best] ?? 0) + (points[best + 2] ?? 0)) / 2,
      ((points[best + 1] ?? 0) + (points[best + 3] ?? 0)) / 2,
    );
  };

  /** What lies at a place of the pane. */
  hit(x: number, y: number): Selection | null {
    const [dx, dy] = toDiagram(this.#view, x, y);
    return selectionAt(
      this.#book,
      dx,
      dy,
      REACH_PX / this.#view.scaleX,
      REACH_PX / this.#view.scaleY,
    );
  }

  hover(id: string | null): void {
    if (id === this.#hovered) return;
    this.#hovered = id;
    this.#redraw(false);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#state = null;
  }

  #redraw(picture: boolean): void {
    this.#pictureDirty ||= picture;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => this.drawNow());
  }

  /** Draws what is due now: in its frame, or at once for paper. */
  drawNow(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#state === null || this.#options === null) return;
    const start = performance.now();
    const whole = this.#pictureDirty;
    if (whole) this.#drawPicture(this.#state, this.#options);
    this.#pictureDirty = false;
    this.#drawOverlay(this.#state, this.#options);
    if (whole) tellMeasured(start);
  }

  #drawPicture(state: Picture, options: SceneOptions): void {
    const ctx = this.#picture;
    const view = this.#view;
    const { diagram } = this.#book;
    const palette = this.#palette;
    ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    ctx.fillStyle = palette.colours['surface-canvas'];
    ctx.fillRect(0, 0, this.#pane.width, this.#pane.height);
    const [x0, y0] = toDiagram(view, -60, -60);
    const [x1, y1] = toDiagram(view, this.#pane.width + 60, this.#pane.height + 60);
    const visible = this.#book.hits.within(x0, y0, x1, y1);
    const paths = Int32Array.from(visible.paths).sort();
    const symbols = Int32Array.from(visible.symbols).sort();

    drawCardGround(ctx, palette, view, state.cards);
    drawLines(ctx, palette, view, this.#sheet, paths, {
      lookOf: state.lookOf,
      ...lineHues(diagram, palette, state, options),
      faint: options.abnormalOnly,
    });
    if (symbolSizes(view).details) this.#drawDots(x0, y0, x1, y1);
    drawSymbols(
      ctx,
      palette,
      this.#sprites,
      view,
      diagram.symbols,
      symbols,
      state,
      options.abnormalOnly,
    );
    const room = roomOfSymbols(view, diagram, symbols, state);
    drawCardWords(ctx, palette, view, state.cards, options.words.card, room);
    drawLabels(ctx, palette, view, diagram, symbols, state, room, {
      headWords: options.words.head,
      stationVoltage: options.words.bus,
      abnormalOnly: options.abnormalOnly,
    });
    drawTags(ctx, palette, this.#sprites, view, state);
  }

  /** Junctions within a box of the diagram. */
  #drawDots(x0: number, y0: number, x1: number, y1: number): void {
    const ctx = this.#picture;
    ctx.fillStyle = this.#palette.colours['text-2'];
    ctx.beginPath();
    for (const { x, y } of this.#book.diagram.dots) {
      if (x < x0 || x > x1 || y < y0 || y > y1) continue;
      const [px, py] = toScreen(this.#view, x, y);
      ctx.moveTo(Math.round(px) + 3.5, Math.round(py) + 0.5);
      ctx.arc(Math.round(px) + 0.5, Math.round(py) + 0.5, 3, 0, 2 * Math.PI);
    }
    ctx.fill();
  }

  #drawOverlay(state: Picture, options: SceneOptions): void {
    const ctx = this.#overlay;
    ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    ctx.clearRect(0, 0, this.#pane.width, this.#pane.height);
    drawOverlay(ctx, this.#palette, this.#view, this.#book, state, {
      now_ms: options.now_ms(),
      selected: options.selected,
      trace: options.trace,
      hovered: this.#hovered,
      ringed: (id) => state.symbols[this.#symbolNumbers.get(id) ?? -1]?.ring === true,
    });
  }
}
