import { sectionEquipment } from '@relight/topology';
import { connectedTo } from './held-dead.ts';
import type { RestorationProblem } from './problem.ts';

/** Line, transformer and node ids of the part that stays connected to the fault. */
export function isolatedEquipment(problem: RestorationProblem, final: Uint8Array): string[] {
  const held = connectedTo(problem, final, problem.request.faultedSections);
  const ids: string[] = [];
  held.forEach((is, section) => {
    if (is === 1) ids.push(...sectionEquipment(problem.network, section));
  });
  return ids;
}
