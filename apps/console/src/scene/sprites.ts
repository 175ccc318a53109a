import sheet from './symbols.svg?raw';
import { resolveColour, type Palette } from './palette.ts';

/** Hatches of the symbol sheet: distance and width of their lines, at 45°. */
const HATCHES: Readonly<Record<string, readonly [number, number, string]>> = {
  'url(#hatch-unknown)': [4, 1.4, 'var(--unknown)'],
  'url(#hatch-fault)': [8, 1.6, 'var(--faulted)'],
  'url(#hatch-dead)': [7, 1, 'var(--dead)'],
};

const SYMBOL_GRID = 24;

const symbols: ReadonlyMap<string, Element> = new Map(
  [...new DOMParser().parseFromString(sheet, 'image/svg+xml').querySelectorAll('symbol')].map(
    (symbol) => [symbol.id, symbol],
  ),
);

function shapeOf(element: Element): Path2D | null {
  const number = (name: string): number => Number(element.getAttribute(name) ?? 0);
  const path = new Path2D();
  if (element.tagName === 'path') return new Path2D(element.getAttribute('d') ?? '');
  if (element.tagName === 'rect')
    path.rect(number('x'), number('y'), number('width'), number('height'));
  else if (element.tagName === 'circle')
    path.arc(number('cx'), number('cy'), number('r'), 0, 2 * Math.PI);
  else return null;
  return path;
}

/** Fills a shape with 45° lines; the clip is the shape. */
export function fillHatch(
  ctx: CanvasRenderingContext2D,
  shape: Path2D,
  box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number },
  gap: number,
  width: number,
  colour: string,
): void {
  ctx.save();
  ctx.clip(shape);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash([]);
  ctx.beginPath();
  const step = gap * Math.SQRT2;
  for (let x = box.x - box.h; x < box.x + box.w; x += step) {
    ctx.moveTo(x, box.y + box.h);
    ctx.lineTo(x + box.h, box.y);
  }
  ctx.stroke();
  ctx.restore();
}

function drawElement(ctx: CanvasRenderingContext2D, element: Element, palette: Palette): void {
  if (element.tagName === 'g') {
    const turn = /rotate\(([\d.-]+) ([\d.-]+) ([\d.-]+)\)/u.exec(
      element.getAttribute('transform') ?? '',
    );
    ctx.save();
    if (turn !== null) {
      const [angle, x, y] = [Number(turn[1]), Number(turn[2]), Number(turn[3])];
      ctx.translate(x, y);
      ctx.rotate((angle * Math.PI) / 180);
      ctx.translate(-x, -y);
    }
    for (const child of element.children) drawElement(ctx, child, palette);
    ctx.restore();
    return;
  }
  const shape = shapeOf(element);
  if (shape === null) return;
  const fill = element.getAttribute('fill') ?? 'none';
  const stroke = element.getAttribute('stroke') ?? 'none';
  const hatch = HATCHES[fill];
  if (hatch !== undefined) {
    const [gap, width, colour] = hatch;
    const all = { x: 0, y: 0, w: SYMBOL_GRID, h: SYMBOL_GRID };
    fillHatch(ctx, shape, all, gap, width, resolveColour(palette, colour));
  } else if (fill !== 'none') {
    ctx.fillStyle = resolveColour(palette, fill);
    ctx.fill(shape);
  }
  if (stroke !== 'none') {
    ctx.strokeStyle = resolveColour(palette, stroke);
    ctx.lineWidth = Number(element.getAttribute('stroke-width') ?? 1);
    ctx.setLineDash(
      (element.getAttribute('stroke-dasharray') ?? '').split(' ').map(Number).filter(Boolean),
    );
    ctx.stroke(shape);
    ctx.setLineDash([]);
  }
}

/** Symbols of the sheet, each drawn once per size and theme and copied from then on. */
export class SpriteCache {
  readonly #palette: Palette;
  readonly #ratio: number;
  readonly #images = new Map<string, HTMLCanvasElement>();

  constructor(palette: Palette, ratio: number) {
    this.#palette = palette;
    this.#ratio = ratio;
  }

  #image(name: string, size: number): HTMLCanvasElement {
    const key = `${name}/${size}`;
    const known = this.#images.get(key);
    if (known !== undefined) return known;
    const image = document.createElement('canvas');
    const pixels = Math.ceil(size * this.#ratio);
    image.width = pixels;
    image.height = pixels;
    const ctx = image.getContext('2d');
    const symbol = symbols.get(name);
    if (ctx !== null && symbol !== undefined) {
      ctx.scale(pixels / SYMBOL_GRID, pixels / SYMBOL_GRID);
      for (const child of symbol.children) drawElement(ctx, child, this.#palette);
    }
    this.#images.set(key, image);
    return image;
  }

  /** Draws a symbol with its middle at a point; `turned`: its line runs up and down. */
  draw(
    ctx: CanvasRenderingContext2D,
    name: string,
    x: number,
    y: number,
    size: number,
    turned = false,
  ): void {
    const image = this.#image(name, size);
    if (!turned) {
      ctx.drawImage(image, Math.round(x - size / 2), Math.round(y - size / 2), size, size);
      return;
    }
    ctx.save();
    ctx.translate(Math.round(x), Math.round(y));
    ctx.rotate(Math.PI / 2);
    ctx.drawImage(image, -size / 2, -size / 2, size, size);
    ctx.restore();
  }
}
