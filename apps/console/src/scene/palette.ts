/** Names of tokens.css that the canvas uses; it knows no colour by itself. */
const NAMES = [
  'surface-canvas',
  'surface-raised',
  'surface-panel',
  'text-1',
  'text-2',
  'text-3',
  'accent',
  'on-accent',
  'accent-soft',
  'border-2',
  'ok',
  'line-energised-110',
  'line-energised-35',
  'line-energised-22',
  'dead',
  'dead-fill',
  'faulted',
  'faulted-fill',
  'suspected',
  'suspected-fill',
  'restored',
  'restored-fill',
  'just-restored',
  'parallel',
  'unknown',
  'unknown-fill',
  'closed-fill',
  'closed-stroke',
  'open-fill',
  'open-stroke',
  'device-ink',
  'abnormal',
  'selection',
  'earthed',
  'alarm-1',
  'on-alarm-1',
  'voltage-110',
  'voltage-35',
  'voltage-22',
  'feeder-1',
  'feeder-2',
  'feeder-3',
  'feeder-4',
  'feeder-5',
  'feeder-6',
  'feeder-7',
  'feeder-8',
  'feeder-9',
  'feeder-10',
] as const;
export type ColourName = (typeof NAMES)[number];

export interface Palette {
  readonly colours: Readonly<Record<ColourName, string>>;
  readonly fontNumber: string;
  readonly fontText: string;
}

/** Reads the tokens of the theme now in force. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const colours = Object.fromEntries(NAMES.map((name) => [name, value(name)]));
  return {
    colours: colours as Record<ColourName, string>,
    fontNumber: value('font-num'),
    fontText: value('font-text'),
  };
}

/** A token written as `var(--name)`, or a colour as it stands. */
export function resolveColour(palette: Palette, written: string): string {
  const name = /^var\(--([\w-]+)\)$/u.exec(written)?.[1];
  return name === undefined ? written : (palette.colours[name as ColourName] ?? written);
}
