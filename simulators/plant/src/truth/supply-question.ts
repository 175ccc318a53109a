import type { LoadState } from '@relight/powerflow';
import type { Positions } from '@relight/topology';

/**
 * Who could be supplied? Everything the search may know, as plain data, so that it can be asked
 * in another thread. Switches, sections, nodes and loads by index of the network.
 */
export interface SupplyQuestion {
  readonly positions: Positions;
  /** 1: the switch may be opened and closed from afar in the present state. */
  readonly movable: Uint8Array;
  /** 1: the section holds a fault or an earth, was dark by design, or hangs on a lost source. */
  readonly mustStayDead: Uint8Array;
  /** 1: the node was live at the start; only its loads count. */
  readonly liveAtStart: Uint8Array;
  /** 1: the node lost its supply in this outage, live again or not. */
  readonly wentDark: Uint8Array;
  readonly lostSources: ReadonlySet<number>;
  readonly loads: LoadState;
  /** Generators feed in; not if the outage holds one (they count as nothing then). */
  readonly generators: boolean;
}

export interface SupplyAnswer {
  /** Customers dark now that a legal state would supply. */
  readonly customers: number;
  /** That state; the present one if nobody can be helped. */
  readonly positions: Positions;
  /** Load flows it took. */
  readonly loadFlows: number;
  /** The search ended before every possibility was seen: `customers` is a lower bound. */
  readonly exhausted: boolean;
}
