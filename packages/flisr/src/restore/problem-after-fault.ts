import { assert } from '@relight/foundation';
import { loadStateFromGrid } from '@relight/powerflow';
import { normalPositions, type Network } from '@relight/topology';
import { planOptions } from '../options.ts';
import type { PlanOptions } from '../plan-request.ts';
import { applyTrip } from '../trip-model.ts';
import { readProblem, type RestorationProblem } from './problem.ts';

/** What tests of the search start from: a fault in the normal state, tripped by its protection. */
export function problemAfterFault(
  network: Network,
  fault: string,
  options: Partial<PlanOptions> = {},
  positionsBefore = normalPositions(network),
): RestorationProblem {
  const trip = applyTrip(network, positionsBefore, [fault]);
  assert(trip.ok, 'the fault is known');
  const { positionsNow, lostSources, tripped, faultedSections } = trip.value;
  return readProblem({
    network,
    positionsBefore,
    positionsNow,
    loads: loadStateFromGrid(network),
    faultedSections,
    lostSources,
    tripped,
    candidates: [],
    because: [],
    options: planOptions(options),
  });
}
