import type { App } from '../app-context.ts';
import { byUrgency } from '../incident/incident-panel.tsx';
import { silenceAll } from '../shell/alarm-sound.ts';
import { newestFirst } from '../shell/alarm-strip.tsx';
import { needsAcknowledging } from '../shell/top-bar.tsx';
import { acknowledgeAlarm, decide } from '../store/rest.ts';
import { nextColour } from '../store/ui-store.ts';

const PAN_STEP_PX = 80;
const ZOOM_STEP = 1.25;
/** Views that are a map or a schematic. */
const DIAGRAMS = new Set(['overview', 'network', 'incident']);

function writesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** A button, a link, an open menu or a dialog takes these keys for itself. */
function usesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role=listbox], [role=menu]') !== null) return true;
  if (key === 'Enter' || key === ' ')
    return target.closest('button, a, summary, [role=button]') !== null;
  // A list or a page that scrolls keeps its arrows.
  const scrolls = target.closest('.rows, .data-table, .keys-page, .side') !== null;
  return scrolls && key.startsWith('Arrow');
}

/** The running plan is stopped at once, whatever view is open. */
function abortPlan({ live, ui }: App): void {
  const state = live.get();
  if (state.status !== 'live') return;
  const chosen = ui.get().incident;
  const abortable = [...state.incidents.values()]
    .filter((incident) => incident.decisions.includes('abort'))
    .sort(byUrgency);
  const incident = abortable.find((i) => i.id === chosen) ?? abortable[0];
  if (incident === undefined) return;
  ui.set({ view: 'incident', incident: incident.id, selection: null });
  decide(incident.id, 'abort', incident.planVersion, incident.planHash).catch((error: unknown) => {
    console.error('abort was refused', error);
  });
}

/** Shows the newest alarm nobody has acknowledged; the next Space is for that one. */
function showNewest({ live, ui, book }: App): void {
  const newest = [...live.get().alarms.values()].filter(needsAcknowledging).sort(newestFirst)[0];
  if (newest === undefined) return;
  const known = book.symbols.has(newest.equipment);
  ui.set({
    view: 'network',
    alarm: newest.id,
    selection: known ? { kind: 'symbol', id: newest.equipment } : null,
  });
}

/** Acknowledges the alarm that was chosen in a list or with F2; none chosen, none acknowledged. */
function acknowledgeChosen({ live, ui }: App): void {
  const { alarms, status } = live.get();
  const chosen = alarms.get(ui.get().alarm ?? '');
  if (status !== 'live' || chosen === undefined || !needsAcknowledging(chosen)) return;
  acknowledgeAlarm(chosen.id).catch((error: unknown) => {
    console.error('acknowledging was refused', error);
  });
}

/** Opens the control dialog of the selected switch for the other position. It selects nothing yet. */
function openControl({ live, ui, book }: App): void {
  const { selection } = ui.get();
  if (selection === null || live.get().status !== 'live') return;
  if (book.switches.get(selection.id)?.remote !== true) return;
  const position = live.get().switches.get(selection.id)?.position;
  if (position === 'open') ui.set({ dialog: 'close' });
  else if (position === 'closed') ui.set({ dialog: 'open' });
}

function focusFirst(place: string): void {
  document
    .querySelector<HTMLElement>(`${place} button:not([disabled]), ${place} [tabindex="0"]`)
    ?.focus();
}

/** Keys of the whole window; none of them operates a device, none fires while text is written. */
export function attachKeyboard(app: App): () => void {
  const { live, ui, scene } = app;
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'x') {
      event.preventDefault();
      abortPlan(app);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (writesText(event.target) || usesKey(event.target, event.key)) return;
    const state = ui.get();
    const traceOrClear = (direction: 'up' | 'down'): void => {
      if (state.selection === null) return;
      ui.set({ trace: state.trace === direction ? null : direction });
    };
    const pan = (dx: number, dy: number) => () => scene.current?.pan(dx, dy);
    const zoom = (factor: number) => () => scene.current?.zoom(factor);
    const act: Readonly<Record<string, () => void>> = {
      '/': () =>
        document
          .querySelector<HTMLInputElement>('.pane.active .search input, .search input')
          ?.focus(),
      '1': () => ui.set({ workingRequests: state.workingRequests + 1 }),
      '0': () => ui.set({ fitRequests: state.fitRequests + 1 }),
      ' ': () => acknowledgeChosen(app),
      '?': () => ui.set({ view: 'keys' }),
      '+': zoom(ZOOM_STEP),
      '=': zoom(ZOOM_STEP),
      '-': zoom(1 / ZOOM_STEP),
      ArrowLeft: pan(PAN_STEP_PX, 0),
      ArrowRight: pan(-PAN_STEP_PX, 0),
      ArrowUp: pan(0, PAN_STEP_PX),
      ArrowDown: pan(0, -PAN_STEP_PX),
      Enter: () => {
        if (state.selection !== null) focusFirst('[data-testid=inspector]');
      },
      F2: () => showNewest(app),
      F3: () => ui.set({ view: 'incident', selection: null }),
      F4: () => {
        ui.set({ view: 'incident', selection: null });
        requestAnimationFrame(() => focusFirst('.plan'));
      },
      F8: () => ui.set({ silenced: silenceAll(live.get().alarms.values()) }),
      c: () => openControl(app),
      g: () => {
        if (state.selection !== null) ui.set({ view: 'trends', trends: state.selection.id });
      },
      l: () => ui.set(DIAGRAMS.has(state.view) ? { map: !state.map } : { view: 'network' }),
      m: () => ui.set({ colour: nextColour(state.colour) }),
      n: () => ui.set({ abnormalOnly: !state.abnormalOnly }),
      t: () => {
        if (state.selection !== null) ui.set({ tagging: true });
      },
      u: () => traceOrClear('up'),
      d: () => traceOrClear('down'),
      z: () => ui.set({ showRequests: state.showRequests + 1 }),
      Escape: () => ui.select(null),
    };
    const action = act[event.key] ?? act[event.key.toLowerCase()];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
