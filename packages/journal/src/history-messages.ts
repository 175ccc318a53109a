import type {
  EventExportQuery,
  EventHistory,
  EventHistoryQuery,
  EventView,
  ValueHistory,
  ValueHistoryQuery,
} from '@relight/contract';

/** Most events that wait for a file that cannot be written, or for a thread that is behind; the oldest go. */
export const MOST_EVENTS_WAITING = 50_000;

export interface HistoryStart {
  /** Folder of the history; made if missing. */
  readonly directory: string;
  /** Ids of the measurements, in the order their indices mean. */
  readonly points: readonly string[];
  readonly keepValues_ms: number;
  readonly keepEvents_ms: number;
}

/** What was heard since the last portion; sent also where that is nothing, as a sign of life. */
export interface HistoryPortion {
  readonly at_ms: number;
  /** Point by point in the order they were heard; NaN: no value that can be trusted. */
  readonly points: Uint32Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  readonly events: readonly EventView[];
}

export type HistoryQuestion =
  | { readonly what: 'events'; readonly query: EventHistoryQuery }
  | { readonly what: 'values'; readonly query: ValueHistoryQuery }
  | { readonly what: 'table'; readonly query: EventExportQuery };

/** `table`: bytes of the CSV; null where it has more rows than one export may. */
export type HistoryFound =
  | { readonly what: 'events'; readonly found: EventHistory }
  | { readonly what: 'values'; readonly found: ValueHistory }
  | { readonly what: 'table'; readonly found: Uint8Array<ArrayBuffer> | null };

export type ToHistory =
  | { readonly type: 'portion'; readonly portion: HistoryPortion }
  | { readonly type: 'ask'; readonly id: number; readonly question: HistoryQuestion }
  | { readonly type: 'close' };

export type FromHistory =
  | { readonly type: 'taken' }
  | { readonly type: 'found'; readonly id: number; readonly answer: HistoryFound }
  | { readonly type: 'notFound'; readonly id: number; readonly reason: string }
  /** Said once per reason; null: all is well again. */
  | { readonly type: 'trouble'; readonly reason: string | null };
