import { useContext, useEffect, useRef, useState } from 'react';
import { speechOf, useApp, useSpeech, useUi, type Speech } from '../app-context.ts';
import type { App } from '../app-context.ts';
import { deviceName, type GridBook } from '../store/grid-book.ts';
import type { Selection } from '../store/ui-store.ts';
import { feederLoadings } from '../loading/loading.ts';
import { traceFrom } from '../trace/trace.ts';
import { PaneNumber } from '../panes/pane-head.tsx';
import { composePicture, RESTORED_SHOWN_MS } from './picture.ts';
import { SceneEngine, type SceneWords } from './scene-engine.ts';

const ZOOM_STEP = 1.25;
const CLICK_SLOP_PX = 4;

/** Words on the picture. */
function sceneWords(
  { live, book }: App,
  speech: Speech,
  loading: ReadonlyMap<string, number | null> | null,
): SceneWords {
  const { t, num } = speech;
  return {
    head: (head) => {
      const feeder = live.get().feeders.get(head.feeder);
      if (feeder === undefined) return { name: head.label, detail: '' };
      const share = loading?.get(head.feeder) ?? null;
      if (share !== null) return { name: head.label, detail: `${num(share * 100)} %` };
      const current = feeder.current_A === null ? '' : ` · ${num(Math.round(feeder.current_A))} A`;
      return {
        name: head.label,
        detail: `${t('scene.customers', { n: num(feeder.customers) })}${current}`,
      };
    },
    card: ({ view, look }) => ({
      state:
        look === 'suspected' && view.share !== null
          ? t('scene.suspectedShare', { share: num(view.share * 100, view.share < 0.1 ? 1 : 0) })
          : look === 'restored' && view.deadSince_ms !== null && view.restoredAt_ms !== null
            ? t('scene.restoredAfter', {
                time: speech.duration(view.restoredAt_ms - view.deadSince_ms),
              })
            : look === 'live' || look === 'parallel'
              ? ''
              : t(`look.${look}`),
      customers: t('scene.customers', { n: num(view.customers) }),
      customersShort: num(view.customers),
    }),
    bus: (bus) => {
      const voltage = live.get().measurements.get(`${bus} voltage_kV`);
      if (voltage === undefined || typeof voltage.value !== 'number') {
        const nominal = book.nominalVoltage_kV.get(bus);
        return nominal === undefined ? '' : ` ${num(nominal)} kV`;
      }
      return ` ${num(voltage.value, 1)} kV`;
    },
  };
}

/** What a screen reader and a test are told of the picture. */
function Mirror({ engine }: { readonly engine: SceneEngine | null }) {
  const { book, live } = useApp();
  const { t } = useSpeech();
  const selection = useUi((state) => state.selection);
  const [place, setPlace] = useState<readonly [number, number] | null>(null);
  useEffect(() => {
    const read = (): void => {
      const next = selection === null ? null : (engine?.placeOf(selection.id) ?? null);
      setPlace((old) =>
        old !== null && next !== null && old[0] === next[0] && old[1] === next[1] ? old : next,
      );
    };
    read();
    const timer = setInterval(read, 500);
    return () => clearInterval(timer);
  }, [engine, selection]);
  const position = selection === null ? null : live.get().switches.get(selection.id)?.position;
  return (
    <p
      className="visually-hidden"
      aria-live="polite"
      data-testid="mirror"
      data-selected={selection?.id ?? ''}
      data-x={place === null ? '' : Math.round(place[0])}
      data-y={place === null ? '' : Math.round(place[1])}
    >
      {selection === null
        ? t('scene.nothingSelected')
        : t('scene.selected', {
            device: deviceName(book, selection.id),
            position: position === null || position === undefined ? '' : t(`position.${position}`),
          })}
    </p>
  );
}

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
    const now = (): number => live.serverNow_ms() ?? Date.now();
    const show = (): void => {
      const state = live.get();
      const choices = ui.get();
      const shown = [...state.incidents.values()].filter((i) =>
        incident === null ? i.closedAt_ms === null : i.id === incident,
      );
      place.classList.toggle('stale', state.status !== 'live');
      const loading =
        choices.colour === 'loading'
          ? new Map(feederLoadings(app.book, state).map(({ id, share }) => [id, share]))
          : null;
      made.show(composePicture(book, state, shown, now()), {
        words: sceneWords(app, speechOf(choices.language), loading),
        colour: choices.colour,
        loading,
        abnormalOnly: choices.abnormalOnly,
        selected: choices.selection?.id ?? null,
        trace:
          choices.trace === null || choices.selection === null
            ? null
            : traceFrom(app.book, state, choices.selection.id, choices.trace),
        now_ms: now,
      });
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
      <Mirror engine={engine} />
    </div>
  );
}
