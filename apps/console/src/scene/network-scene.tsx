import { useContext, useEffect, useRef, useState } from 'react';
import { useApp, useSpeech } from '../app-context.ts';
import type { GridBook } from '../store/grid-book.ts';
import type { Selection } from '../store/ui-store.ts';
import { PaneNumber } from '../panes/pane-head.tsx';
import { Mirror } from './mirror.tsx';
import { RESTORED_SHOWN_MS } from './picture.ts';
import { SceneEngine } from './scene-engine.ts';
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
    const { live, ui, windowUi, scene } = app;
    const book = part ?? app.book;
    if (box.current === null || picture.current === null || overlay.current === null) return;
    const place = box.current;
    const made = new SceneEngine(picture.current, overlay.current, book);
    const show = (): void => {
      place.classList.toggle('stale', live.get().status !== 'live');
      const { picture: looks, options } = sceneInput(app, book, incident);
      made.show(looks, options);
    };
    let due = 0;
    const soon = (): void => {
      if (due !== 0) return;
      due = requestAnimationFrame(() => {
        due = 0;
        show();
      });
    };
    let last = ui.get();
    const claimKeys = (): void => {
      if (windowUi.active === pane) scene.current = made;
    };
    claimKeys();
    const stops = [
      live.subscribe(soon),
      ui.subscribe(() => {
        const next = ui.get();
        if (next.fitRequests !== last.fitRequests) made.fit();
        if (next.workingRequests !== last.workingRequests) made.zoomToWorking();
        if (next.theme !== last.theme) requestAnimationFrame(() => made.refreshTheme());
        if (
          next.selection !== null &&
          (next.showRequests !== last.showRequests || next.selection !== last.selection)
        )
          made.reveal(next.selection.id);
        last = next;
        soon();
      }),
      windowUi.subscribe(claimKeys),
      attachPointer(place, made, (selection) => ui.select(selection)),
    ];
    const sizes = new ResizeObserver(() => {
      made.resize({ width: place.clientWidth, height: place.clientHeight }, devicePixelRatio);
    });
    sizes.observe(place);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const refresh = (): void => void requestAnimationFrame(() => made.refreshTheme());
    scheme.addEventListener('change', refresh);
    void document.fonts.ready.then(refresh);
    const clock = setInterval(() => made.tick(), 1_000);
    // The band of a restored section goes by itself.
    const bands = setInterval(soon, RESTORED_SHOWN_MS / 20);
    show();
    setEngine(made);
    return () => {
      for (const stop of stops) stop();
      sizes.disconnect();
      scheme.removeEventListener('change', refresh);
      clearInterval(clock);
      clearInterval(bands);
      cancelAnimationFrame(due);
      if (scene.current === made) scene.current = null;
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
