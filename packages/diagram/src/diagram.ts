import type { SwitchKind } from '@relight/contract';

/** What a symbol shows; its form never depends on live state. */
export type SymbolKind =
  | SwitchKind
  | 'transformer'
  | 'source'
  | 'load'
  | 'generator'
  | 'faultIndicator'
  | 'capacitor'
  | 'groundDisconnector';

/** Where the words of a symbol stand. */
export type LabelSide = 'below' | 'above' | 'left' | 'right' | 'none';

export interface DiagramSymbol {
  readonly id: string;
  readonly kind: SymbolKind;
  readonly x: number;
  readonly y: number;
  /** The line through the symbol runs up and down. */
  readonly vertical: boolean;
  /** "471/58": enough where the picture is full. */
  readonly label: string;
  /** "LBS": stands before the label where there is room. */
  readonly word: string;
  readonly labelSide: LabelSide;
  /** Nodes at its ends; twice the same for equipment with one terminal. */
  readonly nodes: readonly [string, string];
  /** Tie, coupler, or another switch open in the normal state. */
  readonly normallyOpen: boolean;
  /** True inside a station; such symbols are the first to give up their label. */
  readonly station: boolean;
  /**
   * Distance to the nearest symbol in its row and to the nearest in its column, infinite where
   * there is none: drawn no larger than that it touches none in line with it at any zoom. Devices
   * reckon with devices only; what hangs from the network gives way.
   */
  readonly clear: readonly [number, number];
}

/** A symbol as it is placed, before its neighbours are known. */
export type PlacedSymbol = Omit<DiagramSymbol, 'clear'>;

/**
 * `line`: a line of the file (`id` is its id). `wire`: connection without impedance that belongs
 * to `node`. `bus`: busbar. `lead`: connection on the 110 kV side or between station equipment.
 */
export type PathKind = 'line' | 'wire' | 'bus' | 'lead';

export interface DiagramPath {
  readonly id: string;
  readonly kind: PathKind;
  /** Node whose state colours the path. */
  readonly node: string;
  readonly nominalVoltage_kV: number;
  /** Drawn thinner: not on the trunk. */
  readonly lateral: boolean;
  /** x0, y0, x1, y1 … */
  readonly points: readonly number[];
}

/** Where one section lies, for its tint and its card. */
export interface DiagramSection {
  /** Node with the lowest id; every node of the section is in `nodes`. */
  readonly key: string;
  readonly nodes: readonly string[];
  /** Stretch of trunk that carries the card: x from, x to, y; null for stations and laterals. */
  readonly trunk: readonly [number, number, number] | null;
  /** Stretches of rows in the section: x from, x to, y, each. */
  readonly spans: readonly (readonly [number, number, number])[];
}

export interface DiagramFeederHead {
  readonly feeder: string;
  readonly name: string;
  readonly label: string;
  readonly head: string;
  /** Place of the head's symbol. */
  readonly x: number;
  readonly y: number;
  /** +1: the feeder runs to the right. */
  readonly direction: 1 | -1;
}

export interface DiagramText {
  readonly id: string;
  readonly kind: 'station' | 'bus' | 'transformer' | 'stub';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly align: 'start' | 'middle' | 'end';
}

/** The whole picture in its own units (1 = one CSS pixel at working zoom), origin top left. */
export interface NetworkDiagram {
  readonly width: number;
  readonly height: number;
  readonly symbols: readonly DiagramSymbol[];
  readonly paths: readonly DiagramPath[];
  readonly sections: readonly DiagramSection[];
  readonly heads: readonly DiagramFeederHead[];
  readonly texts: readonly DiagramText[];
  /** Junctions: x, y and the node that colours each. */
  readonly dots: readonly { readonly x: number; readonly y: number; readonly node: string }[];
}
