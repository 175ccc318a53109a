import type { EarthFaultState } from '@relight/contract';
import type { Person } from '../people.ts';

/** A feeder of the network, in the order of the search. */
export interface SearchedFeeder {
  readonly feeder: number;
  readonly customers: number;
  state: 'waiting' | 'open' | 'sound' | 'faulted';
}

/** A standing earth fault of a network that runs on with it. STATE: contract, `EarthFaultState`. */
export interface EarthFault {
  readonly id: string;
  /** Transformer or source id. */
  readonly network: string;
  /** Point that measures 3U0. */
  readonly point: number;
  state: EarthFaultState;
  /** Wall time since when the network has had it; null once it has not. */
  since_ms: number | null;
  feeders: SearchedFeeder[];
  /** Feeder that is open for the search, on its way there, or found; null: none. */
  trying: number | null;
  /** Command of the search in flight. */
  command: string | null;
  /** Who released the last step; null: nobody yet. */
  person: Person | null;
  /** Monotonic time from which 3U0 is watched; null: not yet. */
  watchFrom_ms: number | null;
  /** A person is told once that 3U0 is not read. */
  toldBlind: boolean;
  /** Monotonic and wall time until which it may run so; null: no time was given. */
  runUntil_ms: number | null;
  runUntilWall_ms: number | null;
  /** Incident that keeps the found feeder dead. */
  incident: string | null;
}

/** 3U0 stands in the network: nothing is tied or transferred there. */
export function stands({ state }: EarthFault): boolean {
  return state === 'standing' || state === 'searching' || state === 'running';
}

export function isOver({ state }: EarthFault): boolean {
  return state === 'gone' || state === 'leftOpen';
}
