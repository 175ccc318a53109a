import type { SwitchOperation } from '@relight/contract';

/** Views that are built, as they stand in the address. */
export const VIEW_NAMES = [
  'overview',
  'network',
  'feeder',
  'station',
  'incident',
  'alarms',
  'events',
  'tags',
  'loading',
] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

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
  /** Station shown; null: the first. */
  readonly station: string | null;
  /** Feeder shown; null: the first. */
  readonly feeder: string | null;
  readonly selection: Selection | null;
  /** Operation whose control dialog is open on the selected switch. */
  readonly dialog: SwitchOperation | null;
  /** Which way the selection is traced. */
  readonly trace: 'up' | 'down' | null;
  /** Alarms (id and time raised) that were silenced in this window. */
  readonly silenced: ReadonlySet<string>;
  readonly language: Language;
  readonly theme: ThemeChoice;
  readonly colour: 'state' | 'feeder';
  readonly abnormalOnly: boolean;
  /** Raised by one to ask the diagram to fit, or to bring the selection into the picture. */
  readonly fitRequests: number;
  /** Raised by one to ask for the size the diagram is designed for. */
  readonly workingRequests: number;
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

/** Views whose address also names what they show, and where that is kept. */
const SUBJECTS = ['incident', 'station', 'feeder'] as const;

function fromAddress(): Partial<UiState> {
  const [name, part] = location.hash.replace(/^#\/?/u, '').split('/');
  const view = VIEW_NAMES.find((known) => known === name) ?? 'network';
  const subject = SUBJECTS.find((known) => known === view);
  const value = part === undefined || part === '' ? null : decodeURIComponent(part);
  return { view, ...(subject === undefined ? {} : { [subject]: value }) };
}

function toAddress(state: UiState): string {
  const subject = SUBJECTS.find((known) => known === state.view);
  const value = subject === undefined ? null : state[subject];
  return `#/${state.view}${value === null ? '' : `/${encodeURIComponent(value)}`}`;
}

/** Holds what this window shows; view and incident stand in the address, choices in localStorage. */
export class UiStore {
  #state: UiState = {
    view: 'network',
    incident: null,
    station: null,
    feeder: null,
    ...fromAddress(),
    selection: null,
    dialog: null,
    trace: null,
    silenced: new Set(),
    language: stored('language') === 'en' ? 'en' : 'vi',
    theme: THEME_CHOICES.find((name) => name === stored('theme')) ?? 'system',
    colour: 'state',
    abnormalOnly: false,
    fitRequests: 0,
    workingRequests: 0,
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
    this.set({ selection, ...(same ? {} : { dialog: null, trace: null }) });
  }
}
