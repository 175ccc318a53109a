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
  'trends',
  'automation',
  'shedding',
  'admin',
  'keys',
  'catalogue',
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

const COLOUR_MODES = ['state', 'voltage', 'feeder', 'loading'] as const;
export type ColourMode = (typeof COLOUR_MODES)[number];

/** The next one of the round. */
export function nextColour(mode: ColourMode): ColourMode {
  return COLOUR_MODES[(COLOUR_MODES.indexOf(mode) + 1) % COLOUR_MODES.length] ?? 'state';
}

/** What one pane of the work area shows; it stands in the address. */
export interface PaneState {
  readonly view: ViewName;
  readonly incident: string | null;
  /** Station shown; null: the first. */
  readonly station: string | null;
  /** Feeder shown; null: the first. */
  readonly feeder: string | null;
  /** Equipment whose measurements are drawn over time; null: what is selected. */
  readonly trends: string | null;
  /** The network on its map instead of as a schematic. */
  readonly map: boolean;
  /** Raised by one to ask the diagram to fit, or to bring the selection into the picture. */
  readonly fitRequests: number;
  readonly showRequests: number;
  /** Raised by one to ask for the size the diagram is designed for. */
  readonly workingRequests: number;
}

/** What the whole window shares. */
export interface WindowState {
  readonly selection: Selection | null;
  /** Operation whose control dialog is open on the selected switch. */
  readonly dialog: SwitchOperation | null;
  /** The form for a tag is open on the selection. */
  readonly tagging: boolean;
  /** Which way the selection is traced. */
  readonly trace: 'up' | 'down' | 'loop' | null;
  /** Alarm that the keys act on. */
  readonly alarm: string | null;
  /** Alarms (id and time raised) that were silenced in this window. */
  readonly silenced: ReadonlySet<string>;
  readonly language: Language;
  readonly theme: ThemeChoice;
  readonly colour: ColourMode;
  readonly abnormalOnly: boolean;
}

/** What a view is told: its own pane and what the window shares. Nothing here comes from the grid. */
export type UiState = PaneState & WindowState;

/** The choices as one view sees them. */
export interface Ui {
  readonly get: () => UiState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly set: (change: Partial<UiState>) => void;
  /** Selects a thing and closes what was open on another. */
  readonly select: (selection: Selection | null) => void;
}

export const MOST_PANES = 4;

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
const SUBJECTS = ['incident', 'station', 'feeder', 'trends'] as const;

const FIRST_PANE: PaneState = {
  view: 'network',
  incident: null,
  station: null,
  feeder: null,
  trends: null,
  map: false,
  fitRequests: 0,
  showRequests: 0,
  workingRequests: 0,
};

/** Panes as they stand in an address: `#/network+station/PT`, up to four. */
export function panesOf(address: string): readonly PaneState[] {
  return address
    .replace(/^#\/?/u, '')
    .split('+')
    .slice(0, MOST_PANES)
    .map((text) => {
      const [name, part] = text.split('/');
      const map = name === 'map';
      const view = map ? 'network' : (VIEW_NAMES.find((known) => known === name) ?? 'network');
      const subject = SUBJECTS.find((known) => known === view);
      const value = part === undefined || part === '' ? null : decodeURIComponent(part);
      return { ...FIRST_PANE, view, map, ...(subject === undefined ? {} : { [subject]: value }) };
    });
}

function addressOfPane(pane: PaneState): string {
  const subject = SUBJECTS.find((known) => known === pane.view);
  const value = subject === undefined ? null : pane[subject];
  const name = pane.map && pane.view === 'network' ? 'map' : pane.view;
  return `${name}${value === null ? '' : `/${encodeURIComponent(value)}`}`;
}

/** The address that opens these panes again. */
export function addressOf(panes: readonly PaneState[]): string {
  return `#/${panes.map(addressOfPane).join('+')}`;
}

function isPaneKey(key: string): key is keyof PaneState {
  return key in FIRST_PANE;
}

/**
 * Holds what this window shows: panes in the address, choices in localStorage. Its own face is that
 * of the active pane; each pane has one of its own.
 */
export class UiStore implements Ui {
  #panes: readonly PaneState[] = panesOf(location.hash);
  #active = 0;
  #window: WindowState = {
    selection: null,
    dialog: null,
    tagging: false,
    trace: null,
    alarm: null,
    silenced: new Set(),
    language: stored('language') === 'en' ? 'en' : 'vi',
    theme: THEME_CHOICES.find((name) => name === stored('theme')) ?? 'system',
    colour: 'state',
    abnormalOnly: false,
  };
  #states: readonly UiState[] = this.#compose();
  readonly #faces: readonly Ui[];
  readonly #listeners = new Set<() => void>();

  constructor() {
    addEventListener('hashchange', () => {
      if (location.hash === addressOf(this.#panes)) return;
      this.#panes = panesOf(location.hash);
      this.#active = Math.min(this.#active, this.#panes.length - 1);
      this.#tell();
    });
    this.#faces = Array.from({ length: MOST_PANES }, (_, index) => ({
      get: () => this.#stateOf(index),
      subscribe: this.subscribe,
      set: (change) => this.#change(index, change),
      select: (selection) => this.#select(index, selection),
    }));
  }

  get = (): UiState => this.#stateOf(this.#active);

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set = (change: Partial<UiState>): void => this.#change(this.#active, change);

  select = (selection: Selection | null): void => this.#select(this.#active, selection);

  /** The choices as pane number `index` sees them. */
  pane(index: number): Ui {
    return this.#faces[index] ?? this;
  }

  get panes(): readonly PaneState[] {
    return this.#panes;
  }

  /** Number of the pane that the rail and the keys act on. */
  get active(): number {
    return this.#active;
  }

  activate(index: number): void {
    if (index === this.#active || this.#panes[index] === undefined) return;
    this.#active = index;
    this.#tell();
  }

  /** One pane more, showing what the active one shows. */
  split(): void {
    const shown = this.#panes[this.#active];
    if (shown === undefined || this.#panes.length >= MOST_PANES) return;
    this.#panes = [...this.#panes, shown];
    this.#active = this.#panes.length - 1;
    this.#tell();
  }

  /** The last pane stays. */
  close(index: number): void {
    if (this.#panes.length < 2) return;
    this.#panes = this.#panes.filter((_, i) => i !== index);
    this.#active = Math.min(this.#active, this.#panes.length - 1);
    this.#tell();
  }

  #stateOf(index: number): UiState {
    return this.#states[index] ?? this.#states[0] ?? { ...FIRST_PANE, ...this.#window };
  }

  #compose(): readonly UiState[] {
    return this.#panes.map((pane) => ({ ...pane, ...this.#window }));
  }

  #change(index: number, change: Partial<UiState>): void {
    const before = this.#window;
    const own = Object.fromEntries(Object.entries(change).filter(([key]) => isPaneKey(key)));
    const shared = Object.fromEntries(Object.entries(change).filter(([key]) => !isPaneKey(key)));
    this.#panes = this.#panes.map((pane, i) => (i === index ? { ...pane, ...own } : pane));
    this.#window = { ...before, ...shared };
    if (before.language !== this.#window.language) keep('language', this.#window.language);
    if (before.theme !== this.#window.theme) keep('theme', this.#window.theme);
    this.#tell();
  }

  #select(index: number, selection: Selection | null): void {
    const same = selection?.id === this.#window.selection?.id;
    this.#change(index, {
      selection,
      ...(same ? {} : { dialog: null, tagging: false, trace: null }),
    });
  }

  #tell(): void {
    this.#states = this.#compose();
    const address = addressOf(this.#panes);
    if (location.hash !== address) history.replaceState(null, '', address);
    for (const listener of this.#listeners) listener();
  }
}
