import Layer from 'ol/layer/Layer.js';
import type { FrameState } from 'ol/Map.js';
import { hullOf, type MapLayout, type MapPlace } from '@relight/diagram';
import { drawLabels, roomOfSymbols } from '../scene/draw-labels.ts';
import { drawLines } from '../scene/draw-lines.ts';
import { drawOverlay } from '../scene/draw-overlay.ts';
import { drawSymbols, drawTags, haloText } from '../scene/draw-symbols.ts';
import { clockText } from '../scene/draw-cards.ts';
import { lineSheet, type LineSheet } from '../scene/line-sheet.ts';
import { lineHues } from '../scene/line-hues.ts';
import { LabelRoom } from '../scene/label-room.ts';
import { readPalette, type Palette } from '../scene/palette.ts';
import { lookOfSection, type Picture } from '../scene/picture.ts';
import { fillHatch, SpriteCache } from '../scene/sprites.ts';
import type { SceneOptions } from '../scene/scene-engine.ts';
import { toDiagram, toScreen, type Viewport } from '../scene/viewport.ts';
import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';

/** Ground around the lines of a dead section that is shaded with it, CSS pixels. */
const REACH_PX = 14;
/** Zoom from which on the heads of feeders are named. */
const HEADS_FROM = 1;
const TINTS = {
  dead: 'dead',
  suspected: 'suspected',
  faulted: 'faulted',
  unknown: 'unknown',
  restored: 'restored',
} as const;

/** Goes around a polygon. */
function outline(
  path: CanvasRenderingContext2D | Path2D,
  points: readonly (readonly [number, number])[],
): void {
  if (path instanceof CanvasRenderingContext2D) path.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  path.closePath();
}

interface Area {
  readonly section: string;
  readonly hull: readonly MapPlace[];
}

/** The network as a layer of a map, drawn by the same functions as the schematic. */
export class NetworkLayer extends Layer {
  readonly #book: GridBook;
  readonly #layout: MapLayout;
  readonly #sheet: LineSheet;
  readonly #canvas = document.createElement('canvas');
  readonly #ctx: CanvasRenderingContext2D;
  #palette: Palette = readPalette();
  #sprites = new SpriteCache(this.#palette, 1);
  #ratio = 1;
  #areas: readonly Area[] = [];
  #shown: {
    readonly picture: Picture;
    readonly live: LiveState;
    readonly options: SceneOptions;
  } | null = null;
  #view: Viewport = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0, zoom: 1 };

  constructor(book: GridBook, layout: MapLayout) {
    super({});
    const ctx = this.#canvas.getContext('2d');
    if (ctx === null) throw new Error('this browser has no 2D canvas');
    this.#ctx = ctx;
    this.#book = book;
    this.#layout = layout;
    this.#sheet = lineSheet(book.diagram.paths);
  }

  /** Reads the colours again after the theme changed or the fonts arrived. */
  refreshTheme(): void {
    this.#palette = readPalette();
    this.#sprites = new SpriteCache(this.#palette, this.#ratio);
    this.changed();
  }

  show(picture: Picture, live: LiveState, options: SceneOptions): void {
    if (this.#areas.length === 0)
      this.#areas = [...live.sections.values()].flatMap(({ id, nodes, normalFeeder }) => {
        const points = nodes.flatMap((node) => {
          const place = this.#layout.places.get(node);
          return place === undefined ? [] : [place];
        });
        return normalFeeder === null || points.length === 0
          ? []
          : [{ section: id, hull: hullOf(points) }];
      });
    this.#shown = { picture, live, options };
    this.changed();
  }

  /** Place of a symbol or of the middle of a line, CSS pixels; null if the map does not show it. */
  placeOf = (id: string): readonly [number, number] | null => {
    const at = this.mapPlaceOf(id);
    return at === null ? null : toScreen(this.#view, at[0], at[1]);
  };

  /** The same in units of the layout. */
  mapPlaceOf(id: string): MapPlace | null {
    const symbol = this.#book.symbols.get(id);
    if (symbol !== undefined) return [symbol.x, symbol.y];
    const points = this.#book.linePaths.get(id)?.points;
    if (points === undefined) return null;
    const [ax = 0, ay = 0, bx = 0, by = 0] = points;
    return [(ax + bx) / 2, (ay + by) / 2];
  }

  override render(frame: FrameState | null): HTMLElement {
    if (frame === null) return this.#canvas;
    const [width = 1, height = 1] = frame.size;
    const { resolution, center } = frame.viewState;
    if (frame.pixelRatio !== this.#ratio) {
      this.#ratio = frame.pixelRatio;
      this.#sprites = new SpriteCache(this.#palette, this.#ratio);
    }
    const [w, h] = [Math.round(width * this.#ratio), Math.round(height * this.#ratio)];
    if (this.#canvas.width !== w || this.#canvas.height !== h) {
      [this.#canvas.width, this.#canvas.height] = [w, h];
      this.#canvas.style.cssText = `position:absolute;width:${width}px;height:${height}px`;
    }
    // The map counts north up, the layout down.
    const scale = 1 / resolution;
    this.#view = {
      scaleX: scale,
      scaleY: scale,
      offsetX: width / 2 - (center[0] ?? 0) * scale,
      offsetY: height / 2 + (center[1] ?? 0) * scale,
      zoom: scale * 2,
    };
    this.#draw(width, height);
    return this.#canvas;
  }

  #draw(width: number, height: number): void {
    const ctx = this.#ctx;
    const palette = this.#palette;
    const view = this.#view;
    ctx.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    ctx.fillStyle = palette.colours['surface-canvas'];
    ctx.fillRect(0, 0, width, height);
    if (this.#shown === null) return;
    const { picture, live, options } = this.#shown;
    const { diagram, hits } = this.#book;
    const [x0, y0] = toDiagram(view, -60, -60);
    const [x1, y1] = toDiagram(view, width + 60, height + 60);
    const visible = hits.within(x0, y0, x1, y1);
    const symbols = Int32Array.from(visible.symbols).sort();
    this.#drawAreas(live, options.now_ms());
    drawLines(ctx, palette, view, this.#sheet, Int32Array.from(visible.paths).sort(), {
      lookOf: picture.lookOf,
      ...lineHues(diagram, palette, picture, options),
      faint: options.abnormalOnly,
    });
    drawSymbols(
      ctx,
      palette,
      this.#sprites,
      view,
      diagram.symbols,
      symbols,
      picture,
      options.abnormalOnly,
    );
    const room = roomOfSymbols(view, diagram, symbols, picture);
    drawLabels(ctx, palette, view, diagram, symbols, picture, room, {
      // From afar the heads of a station stand on each other; its name is there for all of them.
      headWords: (head) =>
        view.scaleX >= HEADS_FROM ? options.words.head(head) : { name: '', detail: '' },
      stationVoltage: options.words.bus,
      abnormalOnly: options.abnormalOnly,
    });
    drawTags(ctx, palette, this.#sprites, view, picture);
    drawOverlay(ctx, palette, view, this.#book, picture, {
      now_ms: options.now_ms(),
      selected: options.selected,
      hovered: null,
      trace: options.trace,
      ringed: (id) => live.switches.get(id)?.normal === false,
    });
  }

  /** Ground without supply, under fault, or unknown; the time left of five minutes in its middle. */
  #drawAreas(live: LiveState, now_ms: number): void {
    const ctx = this.#ctx;
    const { colours, fontNumber } = this.#palette;
    const clocks = new LabelRoom();
    ctx.lineJoin = 'round';
    for (const { section, hull } of this.#areas) {
      const state = live.sections.get(section);
      const look = lookOfSection(state, now_ms);
      if (state === undefined || !(look in TINTS)) continue;
      const name = TINTS[look as keyof typeof TINTS];
      const shape = new Path2D();
      const points = hull.map(([x, y]) => toScreen(this.#view, x, y));
      outline(shape, points);
      // A wide edge in the colour of the ground gives the area its reach; a thin one goes around it.
      ctx.setLineDash([]);
      for (const [style, reach] of [
        [colours[name], REACH_PX + 1.5],
        [colours[`${name}-fill`], REACH_PX],
      ] as const) {
        ctx.strokeStyle = style;
        ctx.fillStyle = style;
        ctx.lineWidth = reach * 2;
        outline(ctx, points);
        ctx.stroke();
        ctx.fill();
      }
      const xs = points.map(([x]) => x);
      const ys = points.map(([, y]) => y);
      const box = {
        x: Math.min(...xs),
        y: Math.min(...ys),
        w: Math.max(...xs) - Math.min(...xs),
        h: Math.max(...ys) - Math.min(...ys),
      };
      if (look === 'faulted' || look === 'unknown')
        fillHatch(ctx, shape, box, 8, 1.4, colours[name]);
      if (state.deadSince_ms === null || look === 'restored' || look === 'unknown') continue;
      if (box.w + box.h < 60) continue;
      ctx.font = `600 13px ${fontNumber}`;
      ctx.textAlign = 'center';
      const words = clockText(state, now_ms);
      const [x, y] = [box.x + box.w / 2, box.y - 4];
      const half = ctx.measureText(words).width / 2 + 3;
      // Two times on one place can be read by nobody; the ground is dark all the same.
      if (!clocks.claim({ x0: x - half, y0: y - 12, x1: x + half, y1: y + 3 })) continue;
      haloText(ctx, this.#palette, words, x, y, colours['text-1'], `${name}-fill`);
      ctx.textAlign = 'left';
    }
  }
}
