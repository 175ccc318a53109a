export { operateSwitch, type CommandRefusal } from './drives.ts';
export { REFERENCE_HOUR } from './day-load.ts';
export { describeFault, placeFault, repairFault } from './faults.ts';
export { misbehave } from './misbehave.ts';
export { advance, createPlant, type PlantOptions } from './plant.ts';
export { read, signalsOfSwitch, type Reading } from './readings.ts';
export type { Plant } from './state.ts';
export { truth } from './truth.ts';
