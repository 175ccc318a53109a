import type { NetworkDiagram } from '@relight/diagram';
import type { ColourMode } from '../store/ui-store.ts';
import type { LineState } from './draw-lines.ts';
import type { ColourName, Palette } from './palette.ts';
import type { Picture } from './picture.ts';

const FEEDER_HUES = 10;
const FEEDER_COLOURS = Array.from(
  { length: FEEDER_HUES },
  (_, i) => `feeder-${i + 1}` as ColourName,
);

/** From which voltage on, kV, a colour holds: high, sub-transmission, distribution. */
const VOLTAGE_BANDS: readonly (readonly [number, ColourName])[] = [
  [66, 'voltage-110'],
  [24.5, 'voltage-35'],
  [0, 'voltage-22'],
];

/** From which share of the rating on a colour holds; the figure stands at the head as well. */
const LOADING_BANDS: readonly (readonly [number, ColourName])[] = [
  [0, 'text-3'],
  [0.5, 'ok'],
  [0.8, 'suspected'],
  [1, 'faulted'],
];

function bandOf(share: number | null): number {
  return share === null ? 0 : LOADING_BANDS.filter(([from]) => share >= from).length;
}

/** What the colours of a mode mean, for the legend: the highest band first. */
export function hueWords(
  mode: ColourMode,
  num: (value: number) => string,
): readonly (readonly [ColourName, string])[] {
  if (mode === 'voltage')
    return [
      ['voltage-110', `${num(110)} kV`],
      ['voltage-35', `${num(35)} kV`],
      ['voltage-22', `${num(22)} kV`],
    ];
  if (mode !== 'loading') return [];
  return LOADING_BANDS.map(
    ([from, name]) => [name, `≥ ${num(from * 100)} %`] as const,
  ).toReversed();
}

const numbers = new WeakMap<NetworkDiagram, ReadonlyMap<string, number>>();

/** Number of the colour of each feeder, from 1, by its place in the diagram. */
function feederNumbers(diagram: NetworkDiagram): ReadonlyMap<string, number> {
  const known = numbers.get(diagram);
  if (known !== undefined) return known;
  const made = new Map(diagram.heads.map((head, i) => [head.feeder, (i % FEEDER_HUES) + 1]));
  numbers.set(diagram, made);
  return made;
}

/** Colours of lines other than that of their voltage. */
export function lineHues(
  diagram: NetworkDiagram,
  { colours }: Palette,
  picture: Picture,
  options: {
    readonly colour: ColourMode;
    /** Share of its rating that each feeder carries, where lines are coloured by it. */
    readonly loading: ReadonlyMap<string, number | null> | null;
  },
): Pick<LineState, 'hueOf' | 'hues'> {
  if (options.colour === 'feeder') {
    const hues = feederNumbers(diagram);
    return {
      hueOf: (path) => hues.get(picture.feederOf(path) ?? '') ?? 0,
      hues: FEEDER_COLOURS.map((name) => colours[name]),
    };
  }
  if (options.colour === 'voltage')
    return {
      hueOf: (path) => {
        const kV = diagram.paths[path]?.nominalVoltage_kV ?? 0;
        return VOLTAGE_BANDS.findIndex(([from]) => kV >= from) + 1;
      },
      hues: VOLTAGE_BANDS.map(([, name]) => colours[name]),
    };
  if (options.loading === null) return { hueOf: null, hues: [] };
  const bands = new Map([...options.loading].map(([id, share]) => [id, bandOf(share)]));
  return {
    hueOf: (path) => bands.get(picture.feederOf(path) ?? '') ?? 0,
    hues: LOADING_BANDS.map(([, name]) => colours[name]),
  };
}
