import { sectionEquipment } from '@relight/topology';
import { connectedTo } from './held-dead.ts';
import type { RestorationProblem } from './problem.ts';
import { placesOf } from './section-values.ts';

/** Line, transformer and node ids of the part that stays connected to the fault. */
export function isolatedEquipment(problem: RestorationProblem, final: Uint8Array): string[] {
  const held = connectedTo(problem, final, problem.request.faultedSections);
  const ids: string[] = [];
  for (const section of placesOf(held, 1)) ids.push(...sectionEquipment(problem.network, section));
  return ids;
}
