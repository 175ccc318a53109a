import type { App } from './app-context.ts';
import { byUrgency } from './incident/incident-panel.tsx';
import { silenceAll } from './shell/alarm-sound.ts';
import { newestFirst } from './shell/alarm-strip.tsx';
import { needsAcknowledging } from './shell/top-bar.tsx';
import { decide } from './store/rest.ts';

function writesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
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

/** Keys of the whole window; none of them operates a device, none fires while text is written. */
export function attachKeyboard(app: App): () => void {
  const { live, ui, book } = app;
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'x') {
      event.preventDefault();
      abortPlan(app);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || writesText(event.target)) return;
    const state = ui.get();
    const traceOrClear = (direction: 'up' | 'down'): void => {
      if (state.selection === null) return;
      ui.set({ trace: state.trace === direction ? null : direction });
    };
    const act: Readonly<Record<string, () => void>> = {
      '/': () => document.querySelector<HTMLInputElement>('#device-search')?.focus(),
      '1': () => ui.set({ workingRequests: state.workingRequests + 1 }),
      '0': () => ui.set({ fitRequests: state.fitRequests + 1 }),
      F2: () => {
        const newest = [...live.get().alarms.values()]
          .filter(needsAcknowledging)
          .sort(newestFirst)[0];
        if (newest === undefined) return;
        const known = book.symbols.has(newest.equipment);
        ui.set({
          view: 'network',
          selection: known ? { kind: 'symbol', id: newest.equipment } : null,
        });
      },
      F3: () => ui.set({ view: 'incident', selection: null }),
      F4: () => ui.set({ view: 'incident', selection: null }),
      F8: () => ui.set({ silenced: silenceAll(live.get().alarms.values()) }),
      m: () => ui.set({ colour: state.colour === 'state' ? 'feeder' : 'state' }),
      n: () => ui.set({ abnormalOnly: !state.abnormalOnly }),
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
