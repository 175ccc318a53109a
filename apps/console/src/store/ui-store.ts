import type { SwitchOperation } from '@relight/contract';

export type ViewName = 'overview' | 'network' | 'incident' | 'alarms' | 'events';
export const VIEW_NAMES = [
  'overview',
  'network',
  'incident',
  'alarms',
  'events',
] as const satisfies readonly ViewName[];

export type Selection =
  | { readonly kind: 'symbol'; readonly id: string }
  | { readonly kind: 'line'; readonly id: string };

export type Language = 'vi' | 'en';
export type ThemeChoice = 'system' | 'evn-light' | 'evn-dark' | 'muted-light' | 'muted-dark';
export const THEME_CHOICES = [
  'system',
  'evn-light',
  'evn-dark',
  'muted-light',
  'muted-dark',
] as const satisfies readonly ThemeChoice[];

/** What this window shows; nothing here comes from the grid. */
export interface UiState {
  readonly view: ViewName;
  readonly incident: string | null;
  readonly selection: Selection | null;
  /** Operation whose control dialog is open on the selected switch. */
  readonly dialog: SwitchOperation | null;
  readonly language: Language;
  readonly theme: ThemeChoice;
  readonly colour: 'state' | 'feeder';
  readonly abnormalOnly: boolean;
  /** Raised by one to ask the diagram to fit, or to bring the selection into the picture. */
  readonly fitRequests: number;
  readonly showRequests: number;
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(`relight.${key}`);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`relight.${key}`, value);
  } catch {
    // A browser that keeps nothing still shows everything.
  }
}

function fromAddress(): Pick<UiState, 'view' | 'incident'> {
  const [view, incident] = location.hash.replace(/^#\/?/u, '').split('/');
  return {
    view: VIEW_NAMES.find((name) => name === view) ?? 'network',
    incident: incident === undefined || incident === '' ? null : decodeURIComponent(incident),
  };
}

function toAddress({ view, incident }: UiState): string {
  return `#/${view}${view === 'incident' && incident !== null ? `/${encodeURIComponent(incident)}` : ''}`;
}

/** Holds what this window shows; view and incident stand in the address, choices in localStorage. */
export class UiStore {
  #state: UiState = {
    ...fromAddress(),
    selection: null,
    dialog: null,
    language: stored('language') === 'en' ? 'en' : 'vi',
    theme: THEME_CHOICES.find((name) => name === stored('theme')) ?? 'system',
    colour: 'state',
    abnormalOnly: false,
    fitRequests: 0,
    showRequests: 0,
  };
  readonly #listeners = new Set<() => void>();

  constructor() {
    addEventListener('hashchange', () => this.set(fromAddress()));
  }

  get = (): UiState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(change: Partial<UiState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    const address = toAddress(this.#state);
    if (location.hash !== address) history.replaceState(null, '', address);
    if (before.language !== this.#state.language) keep('language', this.#state.language);
    if (before.theme !== this.#state.theme) keep('theme', this.#state.theme);
    for (const listener of this.#listeners) listener();
  }

  /** Selects a thing and closes what was open on another. */
  select(selection: Selection | null): void {
    const same = selection?.id === this.#state.selection?.id;
    this.set({ selection, ...(same ? {} : { dialog: null }) });
  }
}
