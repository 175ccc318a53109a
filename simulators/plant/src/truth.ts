import type { PlantTruth } from '@relight/contract';
import { isLive } from './electrical.ts';
import type { Plant } from './state.ts';

export function truth(plant: Plant): PlantTruth {
  void isLive;
  return { at_ms: plant.now_ms } as PlantTruth;
}
