import type { SymbolKind } from './diagram.ts';
import type { StationCell } from './station-cells.ts';

/** Places are in columns and rows, so that the picture fills any pane and its words keep their size. */
export interface OneLineSymbol {
  readonly id: string;
  readonly kind: SymbolKind;
  readonly column: number;
  readonly row: number;
  readonly vertical: boolean;
  readonly label: string;
  readonly word: string;
  readonly labelSide: 'left' | 'right' | 'below' | 'none';
  readonly nodes: readonly [string, string];
}

export interface OneLinePath {
  readonly kind: 'bus' | 'lead' | 'spur';
  /** Node whose state colours the path. */
  readonly node: string;
  readonly nominalVoltage_kV: number;
  /** column, row, column, row … */
  readonly points: readonly number[];
  /** Ends in an arrow: it goes on outside the station. */
  readonly arrow: boolean;
}

/** A bay and the place of its values: below a feeder, above an incomer, beside a transformer. */
export interface OneLineBay {
  readonly kind: StationCell['kind'];
  /** The switch or transformer whose measurements are those of the bay. */
  readonly equipment: string;
  readonly feeder: string | null;
  readonly column: number;
  readonly row: number;
  /** Rows the bay reaches from and to. */
  readonly from: number;
  readonly to: number;
  readonly symbols: readonly string[];
}

export interface OneLineBus {
  readonly node: string;
  readonly label: string;
  readonly nominalVoltage_kV: number;
  readonly from: number;
  readonly to: number;
  readonly row: number;
}

export interface StationOneLine {
  readonly station: string;
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  readonly symbols: readonly OneLineSymbol[];
  readonly paths: readonly OneLinePath[];
  readonly buses: readonly OneLineBus[];
  readonly bays: readonly OneLineBay[];
  /** Where a branch goes that is not drawn to its end: the name of the other end. */
  readonly stubs: readonly {
    readonly column: number;
    readonly row: number;
    readonly text: string;
  }[];
}
