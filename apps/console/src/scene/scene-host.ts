import type { App, MovableScene } from '../app-context.ts';
import type { GridBook } from '../store/grid-book.ts';
import type { Selection } from '../store/ui-store.ts';
import { drawnOnPaper, paperRatio } from './paper.ts';
import { RESTORED_SHOWN_MS } from './picture.ts';

/** How far from a thing a press still means it, CSS pixels. */
export const REACH_PX = 12;

/** A drawing of the network in a pane, schematic or map: what its host asks of it. */
export interface HostedScene {
  readonly keys: MovableScene;
  /** Draws the live state and the choices as they are now. */
  readonly show: () => void;
  readonly fit: () => void;
  readonly zoomToWorking: () => void;
  /** Reads the colours again. */
  readonly refreshTheme: () => void;
  /** Draws with so many pixels for each CSS pixel; a map keeps those of the screen. */
  readonly sharpen?: (ratio: number) => void;
  /** Draws at once, not at the next frame. */
  readonly drawNow: () => void;
  /** Draws the clocks anew. */
  readonly tick: () => void;
  /** Place of equipment in the pane, CSS pixels; null if it is not drawn. */
  readonly placeOf: (id: string) => readonly [number, number] | null;
  /** Brings equipment to the middle. */
  readonly centre: (id: string) => void;
}

/** What lies within reach of a place of the diagram, as it is selected. */
export function selectionAt(
  { hits }: GridBook,
  x: number,
  y: number,
  reachX: number,
  reachY: number,
): Selection | null {
  const found = hits.at(x, y, reachX, reachY);
  if (found === null) return null;
  return found.kind === 'symbol'
    ? { kind: 'symbol', id: found.symbol.id }
    : { kind: 'line', id: found.path.id };
}

/** Nearer to the edge than this a selection counts as not seen, CSS pixels. */
const EDGE = 40;

/**
 * Keeps a drawing in step with the stores, the theme and the clock, and gives it the keys while its
 * pane is the active one. It redraws at most once a frame and renders nothing in React.
 * @returns Ends all of it.
 */
export function hostScene(
  { live, ui, windowUi, scene }: App,
  pane: number,
  place: HTMLElement,
  drawn: HostedScene,
): () => void {
  const show = (): void => {
    place.classList.toggle('stale', live.get().status !== 'live');
    drawn.show();
  };
  let due = 0;
  const soon = (): void => {
    if (due !== 0) return;
    due = requestAnimationFrame(() => {
      due = 0;
      show();
    });
  };
  const refresh = (): void => void requestAnimationFrame(() => drawn.refreshTheme());
  const reveal = (id: string): void => {
    const at = drawn.placeOf(id);
    if (at === null) return;
    const [x, y] = at;
    const [w, h] = [place.clientWidth, place.clientHeight];
    // Nothing moves if it can be seen.
    if (x < EDGE || y < EDGE || x > w - EDGE || y > h - EDGE) drawn.centre(id);
  };
  const claimKeys = (): void => {
    if (windowUi.active === pane) scene.current = drawn.keys;
  };
  let last = ui.get();
  const choose = (): void => {
    const next = ui.get();
    if (next.fitRequests !== last.fitRequests) drawn.fit();
    if (next.workingRequests !== last.workingRequests) drawn.zoomToWorking();
    if (next.theme !== last.theme) refresh();
    if (
      next.selection !== null &&
      (next.showRequests !== last.showRequests || next.selection !== last.selection)
    )
      reveal(next.selection.id);
    last = next;
    soon();
  };
  const stops = [live.subscribe(soon), ui.subscribe(choose), windowUi.subscribe(claimKeys)];
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', refresh);
  void document.fonts.ready.then(refresh);
  const clock = setInterval(() => drawn.tick(), 1_000);
  // The band of a restored section goes by itself.
  const bands = setInterval(soon, RESTORED_SHOWN_MS / 20);
  const stopPaper = drawnOnPaper((onPaper) => {
    drawn.sharpen?.(onPaper ? paperRatio(place.clientWidth, devicePixelRatio) : devicePixelRatio);
    drawn.refreshTheme();
    drawn.drawNow();
  });
  claimKeys();
  show();
  return () => {
    for (const stop of stops) stop();
    scheme.removeEventListener('change', refresh);
    stopPaper();
    clearInterval(clock);
    clearInterval(bands);
    cancelAnimationFrame(due);
    if (scene.current === drawn.keys) scene.current = null;
  };
}
