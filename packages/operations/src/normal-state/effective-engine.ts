import type { AdoptedPosition } from '@relight/contract';
import { energise, normalPositions, type Network } from '@relight/topology';
import type { Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import type { OperationsState } from '../state.ts';

interface Made {
  /** The list it was made for, and what that says: a copy of the list says the same. */
  readonly adopted: readonly AdoptedPosition[];
  readonly key: string;
  readonly engine: Engine;
}

/** The last engine made of each. */
const made = new WeakMap<Engine, Made>();

/**
 * The engine in whose grid the adopted positions are the normal ones: everything that asks for the
 * normal state (deviations, feeders of sections, ties, locating, plans, the way back) then asks it.
 * Names of sections stay as people know them. Linear in the grid where something was adopted since
 * the last call; otherwise at once.
 * @param base - Of the grid file.
 */
export function engineOf(base: Engine, { adopted }: Pick<OperationsState, 'adopted'>): Engine {
  if (adopted.length === 0) return base;
  const known = made.get(base);
  if (known?.adopted === adopted) return known.engine;
  const key = adopted.map(({ switch: id, position }) => `${id} ${position}`).join('\n');
  const engine = known?.key === key ? known.engine : withNormal(base, adopted);
  made.set(base, { adopted, key, engine });
  return engine;
}

function withNormal(base: Engine, adopted: readonly AdoptedPosition[]): Engine {
  const wanted = new Map(adopted.map(({ switch: id, position }) => [id, position === 'open']));
  const grid = {
    ...base.grid,
    switches: base.grid.switches.map((each) => {
      const normallyOpen = wanted.get(each.id) ?? each.normallyOpen;
      return normallyOpen === each.normallyOpen ? each : { ...each, normallyOpen };
    }),
  };
  const network: Network = { ...base.network, grid };
  const positions = normalPositions(network);
  const energisation = energise(network, positions);
  return {
    ...base,
    grid,
    network,
    normalPositions: positions,
    normalEnergisation: energisation,
    sections: base.sections.map((info, section) => {
      const node = entryAt(network.sectionNodes, entryAt(network.sectionStart, section));
      return { ...info, normalFeeder: entryAt(energisation.nodeFeeder, node) };
    }),
  };
}
