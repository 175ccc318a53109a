import { speechOf, type App, type Speech } from '../app-context.ts';
import { feederLoadings } from '../loading/loading.ts';
import type { GridBook } from '../store/grid-book.ts';
import { traceFrom } from '../trace/trace.ts';
import { composePicture, type Picture } from './picture.ts';
import type { SceneOptions, SceneWords } from './scene-engine.ts';

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

/**
 * What a diagram shows now: the live state of the store and the choices of its pane.
 * @param incident - Incident whose steps are numbered; null: all open ones.
 */
export function sceneInput(
  app: App,
  book: GridBook,
  incident: string | null,
): { readonly picture: Picture; readonly options: SceneOptions } {
  const { live, ui } = app;
  const state = live.get();
  const choices = ui.get();
  const now = (): number => live.serverNow_ms() ?? Date.now();
  const shown = [...state.incidents.values()].filter((i) =>
    incident === null ? i.closedAt_ms === null : i.id === incident,
  );
  const loading =
    choices.colour === 'loading'
      ? new Map(feederLoadings(app.book, state).map(({ id, share }) => [id, share]))
      : null;
  return {
    picture: composePicture(book, state, shown, now()),
    options: {
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
    },
  };
}
