import { fail, ok, type Result } from '@relight/foundation';
import { loadStateFromGrid, type LoadState } from '@relight/powerflow';
import type { Network, Positions } from '@relight/topology';
import { assumedFaults } from './assumed-faults.ts';
import { planRestoration } from './plan-restoration.ts';
import type { PlannedRestoration, PlanOptions, PlanRefusal } from './plan-request.ts';
import { applyTrip, type TripOptions, type UnknownEquipment } from './trip-model.ts';

const loadsOf = new WeakMap<Network, LoadState>();

/** The loads of the file, read once: what-if studies ask again and again. */
function loadsOfGrid(network: Network): LoadState {
  const known = loadsOf.get(network);
  if (known !== undefined) return known;
  const loads = loadStateFromGrid(network);
  loadsOf.set(network, loads);
  return loads;
}

/**
 * A plan for a fault that did not happen: protection trips by the trip model, the place of the
 * fault is known, then as in earnest.
 */
export function planForFault(
  network: Network,
  positionsBefore: Positions,
  faults: readonly string[],
  options: PlanOptions,
  more: TripOptions & { readonly loads?: LoadState } = {},
): Result<PlannedRestoration, PlanRefusal | UnknownEquipment> {
  const trip = applyTrip(network, positionsBefore, faults, more);
  if (!trip.ok) return trip;
  const { positionsNow, lostSources, tripped, faultedSections, immovable } = trip.value;
  const planned = planRestoration({
    network,
    positionsBefore,
    positionsNow,
    loads: more.loads ?? loadsOfGrid(network),
    faultedSections,
    lostSources,
    tripped,
    candidates: assumedFaults(network, faults),
    because: [
      {
        vi: `Giả định sự cố tại ${faults.join(', ')}.`,
        en: `Assumed: fault on ${faults.join(', ')}.`,
      },
    ],
    options: { ...options, stuck: new Set([...options.stuck, ...immovable]) },
  });
  return planned.ok ? ok(planned.value) : fail(planned.error);
}
