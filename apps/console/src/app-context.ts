import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Bilingual, SessionView } from '@relight/contract';
import { calendarDay, clockTime, duration, figure, weekday } from './i18n/format.ts';
import { en } from './i18n/en.ts';
import { vi, type MessageKey } from './i18n/vi.ts';
import type { GridBook } from './store/grid-book.ts';
import type { LiveState, LiveStore } from './store/live-store.ts';
import type { SessionStore } from './people/session-store.ts';
import type { TrendStore } from './trends/trend-store.ts';
import type { WatchdogStore, WatchdogWord } from './store/watchdog.ts';
import type { Language, Ui, UiState, UiStore } from './store/ui-store.ts';

/** What every view can reach: the live picture, the choices of this window, the grid. */
export interface App {
  readonly live: LiveStore;
  /** As the pane sees it in which a view stands; outside of panes, as the active one does. */
  readonly ui: Ui;
  readonly windowUi: UiStore;
  readonly book: GridBook;
  readonly session: SessionStore;
  readonly trends: TrendStore;
  readonly watchdog: WatchdogStore;
  /** The diagram that the keys move: the one in the active pane. */
  readonly scene: { current: MovableScene | null };
}

/** What the keys can do to a diagram. */
export interface MovableScene {
  pan(dx: number, dy: number): void;
  zoom(factor: number): void;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('a view outside the application');
  return app;
}

/** A part of the live picture; the reader is called again only when that part changed. */
export function useLive<T>(part: (state: LiveState) => T): T {
  const { live } = useApp();
  return useSyncExternalStore(live.subscribe, () => part(live.get()));
}

export function useUi<T>(part: (state: UiState) => T): T {
  const { ui } = useApp();
  return useSyncExternalStore(ui.subscribe, () => part(ui.get()));
}

/** Who sits here; null where the server was not asked yet. */
export function useSession(): SessionView | null {
  const { session } = useApp();
  return useSyncExternalStore(session.subscribe, session.get);
}

/** What the watchdog said last. */
export function useWatchdog(): WatchdogWord {
  const { watchdog } = useApp();
  return useSyncExternalStore(watchdog.subscribe, watchdog.get);
}

/** Server time, told once a second; the time of the last word while the server is lost. */
export function useServerNow(): number {
  const { live } = useApp();
  const [now, setNow] = useState(() => live.serverNow_ms() ?? Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (live.get().status === 'live') setNow(live.serverNow_ms() ?? Date.now());
    }, 250);
    return () => clearInterval(timer);
  }, [live]);
  return now;
}

/** Words and figures in one language. */
export interface Speech {
  readonly language: Language;
  readonly t: (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;
  readonly say: (text: Bilingual) => string;
  readonly num: (value: number, decimals?: number) => string;
  readonly time: (at_ms: number, withMilliseconds?: boolean) => string;
  readonly day: (at_ms: number) => string;
  readonly weekday: (at_ms: number) => string;
  readonly duration: (ms: number) => string;
}

const speeches = new Map<Language, Speech>();

export function speechOf(language: Language): Speech {
  const known = speeches.get(language);
  if (known !== undefined) return known;
  const words = language === 'vi' ? vi : en;
  const speech: Speech = {
    language,
    t: (key, values) =>
      words[key].replaceAll(/\{(\w+)\}/gu, (_, name: string) => String(values?.[name] ?? '')),
    say: (text) => text[language],
    num: (value, decimals) => figure(language, value, decimals),
    time: clockTime,
    day: calendarDay,
    weekday: (at_ms) => weekday(language, at_ms),
    duration,
  };
  speeches.set(language, speech);
  return speech;
}

export function useSpeech(): Speech {
  return speechOf(useUi((state) => state.language));
}
