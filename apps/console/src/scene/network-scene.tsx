import { useContext, useEffect, useRef, useState } from 'react';
import { useApp, useSpeech } from '../app-context.ts';
import type { GridBook } from '../store/grid-book.ts';
import type { Selection } from '../store/ui-store.ts';
import { PaneNumber } from '../panes/pane-head.tsx';
import { Mirror } from './mirror.tsx';
import { SceneEngine } from './scene-engine.ts';
import { hostScene } from './scene-host.ts';
import { sceneInput } from './scene-input.ts';

const ZOOM_STEP = 1.25;
const CLICK_SLOP_PX = 4;

/** Pan, zoom and pick with the pointer. */
function attachPointer(
  target: HTMLElement,
  engine: SceneEngine,
  onPick: (selection: Selection | null) => void,
): () => void {
  let drag: { id: number; x: number; y: number; moved: boolean } | null = null;
  const place = (event: PointerEvent | WheelEvent): [number, number] => {
    const box = target.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    drag = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: false };
    target.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    if (drag === null) {
      const found = engine.hit(...place(event));
      engine.hover(found?.id ?? null);
      target.classList.toggle('over', found !== null);
      return;
    }
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.abs(dx) + Math.abs(dy) < CLICK_SLOP_PX) return;
    drag = { id: drag.id, x: event.clientX, y: event.clientY, moved: true };
    engine.pan(dx, dy);
  };
  const up = (event: PointerEvent): void => {
    if (drag !== null && !drag.moved) onPick(engine.hit(...place(event)));
    drag = null;
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    engine.zoomAt(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP, ...place(event));
  };
  const leave = (): void => engine.hover(null);
  target.addEventListener('pointerdown', down);
  target.addEventListener('pointermove', move);
  target.addEventListener('pointerup', up);
  target.addEventListener('pointerleave', leave);
  target.addEventListener('wheel', wheel, { passive: false });
  return () => {
    target.removeEventListener('pointerdown', down);
    target.removeEventListener('pointermove', move);
    target.removeEventListener('pointerup', up);
    target.removeEventListener('pointerleave', leave);
    target.removeEventListener('wheel', wheel);
  };
}

/**
 * The schematic with its live state. It reads the stores by itself: a change of the grid redraws
 * the canvas and renders nothing in React.
 */
export function NetworkScene({
  incident,
  part,
}: {
  readonly incident: string | null;
  /** The part of the grid to draw; without it, all of it. */
  readonly part?: GridBook;
}) {
  const app = useApp();
  const { t } = useSpeech();
  const pane = useContext(PaneNumber);
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [engine, setEngine] = useState<SceneEngine | null>(null);

  useEffect(() => {
    const book = part ?? app.book;
    if (box.current === null || picture.current === null || overlay.current === null) return;
    const place = box.current;
    const made = new SceneEngine(picture.current, overlay.current, book);
    const stopHost = hostScene(app, pane, place, {
      keys: made,
      show: () => {
        const { picture: looks, options } = sceneInput(app, book, incident);
        made.show(looks, options);
      },
      fit: () => made.fit(),
      zoomToWorking: () => made.zoomToWorking(),
      refreshTheme: () => made.refreshTheme(),
      sharpen: (ratio) => made.sharpen(ratio),
      drawNow: () => made.drawNow(),
      tick: () => made.tick(),
      placeOf: made.placeOf,
      centre: (id) => made.centre(id),
    });
    const stopPointer = attachPointer(place, made, (selection) => app.ui.select(selection));
    const sizes = new ResizeObserver(() => {
      made.resize({ width: place.clientWidth, height: place.clientHeight }, devicePixelRatio);
    });
    sizes.observe(place);
    setEngine(made);
    return () => {
      stopHost();
      stopPointer();
      sizes.disconnect();
      made.stop();
    };
  }, [app, incident, part, pane]);

  return (
    <div
      ref={box}
      className="scene"
      role="application"
      aria-label={t('scene.label')}
      tabIndex={0}
      data-testid="scene"
      data-paths={(part ?? app.book).diagram.paths.length}
      data-symbols={(part ?? app.book).diagram.symbols.length}
    >
      <canvas ref={picture} aria-hidden="true" />
      <canvas ref={overlay} aria-hidden="true" />
      <Mirror placeOf={engine?.placeOf ?? null} />
    </div>
  );
}
