import { z } from 'zod';
import { Misbehaviour, PlaceFault, PlacedFault, PlantTruth } from '@relight/contract';
import { Done, type Route } from './route.ts';

/** The simulated field of the demo. */
export const SIMULATION_ROUTES = {
  faults: {
    id: 'faults',
    method: 'GET',
    path: '/simulation/faults',
    right: 'watch',
    summary: 'Faults placed in the simulation',
    answer: { status: 200, schema: z.object({ faults: z.array(PlacedFault) }) },
  },
  placeFault: {
    id: 'placeFault',
    method: 'POST',
    path: '/simulation/faults',
    right: 'simulate',
    body: PlaceFault,
    summary: 'Places a fault in the simulation',
    answer: { status: 200, schema: PlacedFault },
  },
  repairFault: {
    id: 'repairFault',
    method: 'DELETE',
    path: '/simulation/faults/:id',
    right: 'simulate',
    summary: 'Repairs a fault of the simulation',
    answer: { status: 200, schema: Done },
  },
  misbehave: {
    id: 'misbehave',
    method: 'POST',
    path: '/simulation/devices/:id/misbehaviour',
    right: 'simulate',
    body: Misbehaviour,
    summary: 'Makes a simulated device misbehave',
    answer: { status: 200, schema: Done },
  },
  truth: {
    id: 'truth',
    method: 'GET',
    path: '/simulation/truth',
    right: 'watch',
    summary: 'What is really so in the simulated plant, judged by the plant',
    answer: { status: 200, schema: PlantTruth },
  },
} as const satisfies Readonly<Record<string, Route>>;
