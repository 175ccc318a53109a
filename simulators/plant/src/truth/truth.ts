import type { PlantTruth } from '@relight/contract';
import type { LoadState } from '@relight/powerflow';
import { isLive } from '../electrical.ts';
import type { Plant } from '../state.ts';
import { breaksLoad } from '../times.ts';
import type { SupplyQuestion } from './supply-question.ts';
import { searchSupply } from './supply-search.ts';

/** The truth so far, and what is still to be searched: plain data that can go to another thread. */
export interface OpenTruth {
  readonly known: Omit<PlantTruth, 'restorableDarkCustomers' | 'unrestorableCustomers'>;
  /** Dark outside the faulted sections: restorable or not, as the search says. */
  readonly darkHealthyCustomers: number;
  /** null: nobody healthy is dark, nothing to search. */
  readonly question: SupplyQuestion | null;
}

/**
 * What is really so, judged by the plant alone. Takes up to some seconds where not everybody can
 * be supplied; with `openTruth`, `searchSupply` and `closeTruth` another thread can do that part.
 * @param unreachable - Switches no command reaches now, by id.
 */
export function truth(plant: Plant, unreachable: ReadonlySet<string> = new Set()): PlantTruth {
  const open = openTruth(plant, unreachable);
  const { question } = open;
  return closeTruth(open, question === null ? 0 : searchSupply(plant.network, question).customers);
}

/** The quick part: everything but the search. */
export function openTruth(plant: Plant, unreachable: ReadonlySet<string> = new Set()): OpenTruth {
  const { network } = plant;
  const faulted = faultedSections(plant);
  let customersOut = 0;
  let insideFaultCustomers = 0;
  let darkHealthyCustomers = 0;
  for (const { node, customers } of network.grid.loads) {
    if (plant.liveAtStart[node] === 0) continue;
    const inFault = faulted.has(network.nodeSection[node]!);
    if (inFault) insideFaultCustomers += customers;
    if (isLive(plant, node)) continue;
    customersOut += customers;
    if (!inFault) darkHealthyCustomers += customers;
  }
  return {
    known: {
      at_ms: Math.floor(plant.now_ms),
      faultedEnergisedAfterTrip: plant.faultedEnergisedAfterTrip,
      loops: plant.mostLoops,
      customersOut,
      insideFaultCustomers,
      switches: Object.fromEntries(
        plant.devices.map((device) => [device.id, device.position.value]),
      ),
      protection: plant.protectionLog.map((entry) => ({
        ...entry,
        at_ms: Math.floor(entry.at_ms),
      })),
    },
    darkHealthyCustomers,
    question: darkHealthyCustomers === 0 ? null : askSupply(plant, faulted, unreachable),
  };
}

/** The slow part's result put in: customers the search found a legal supply for. */
export function closeTruth(open: OpenTruth, restorableDarkCustomers: number): PlantTruth {
  return {
    ...open.known,
    restorableDarkCustomers,
    unrestorableCustomers: open.darkHealthyCustomers - restorableDarkCustomers,
  };
}

/** Sections that hold a fault nobody has mended. */
function faultedSections(plant: Plant): ReadonlySet<number> {
  return new Set(plant.faults.filter((fault) => !fault.cleared).flatMap((fault) => fault.sections));
}

function askSupply(
  plant: Plant,
  faulted: ReadonlySet<number>,
  unreachable: ReadonlySet<string>,
): SupplyQuestion {
  const { network } = plant;
  const { grid, nodeSection } = network;
  const mustStayDead = new Uint8Array(network.sectionCount);
  for (const section of faulted) mustStayDead[section] = 1;
  for (const { node, closed } of grid.groundDisconnectors) {
    if (closed) mustStayDead[nodeSection[node]!] = 1;
  }
  // A lost source may come back at any moment.
  for (const source of plant.lostSources) {
    mustStayDead[nodeSection[network.sourceNode[source]!]!] = 1;
  }
  plant.liveAtStart.forEach((wasLive, node) => {
    if (wasLive === 0) mustStayDead[nodeSection[node]!] = 1;
  });
  return {
    positions: plant.positions.slice(),
    movable: Uint8Array.from(plant.devices, (device) => {
      const { kind, remote, from, to } = grid.switches[device.index]!;
      const dead = !isLive(plant, from) && !isLive(plant, to);
      const usable = breaksLoad(kind) || (kind !== 'fuse' && dead);
      const obeys =
        remote &&
        !device.stuck &&
        device.sticks === 'free' &&
        device.fallBackAfter_ms === 0 &&
        !device.failed &&
        !unreachable.has(device.id);
      return usable && obeys ? 1 : 0;
    }),
    mustStayDead,
    liveAtStart: plant.liveAtStart.slice(),
    wentDark: plant.wentDark.slice(),
    lostSources: new Set(plant.lostSources),
    loads: heavier(plant.loads, plant.loadsAtOutage ?? plant.loads),
    generators: !grid.generators.some((unit) => plant.wentDark[unit.node] === 1),
  };
}

/** Load by load the larger: a supply counts only if it held from the beginning of the outage on. */
function heavier(one: LoadState, other: LoadState): LoadState {
  const larger = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, index) => Math.max(value, b[index]!));
  return {
    activePower_W: larger(one.activePower_W, other.activePower_W),
    reactivePower_var: larger(one.reactivePower_var, other.reactivePower_var),
  };
}
