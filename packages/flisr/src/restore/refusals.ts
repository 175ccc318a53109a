import type { PlanRefusal } from '../plan-request.ts';
import type { RestorationProblem } from './problem.ts';
import { sectionName } from './section-name.ts';

/**
 * Refuses where the fault cannot be kept dead: a faulted section is live, or a served section
 * hangs on it by a switch that cannot be opened or whose position is not known.
 */
export function cannotKeepDead(problem: RestorationProblem): PlanRefusal | null {
  const { network, stayDead, isLive, mustServe } = problem;
  for (let section = 0; section < network.sectionCount; section++) {
    const reason = stayDead.reason[section]!;
    if (reason === null || reason === 'dark' || isLive[section] === 0) continue;
    const tie = stayDead.tiedBy[section]!;
    const name = sectionName(network, section);
    if (tie === -1) {
      return {
        kind: 'cannotKeepDead',
        text: {
          vi: `Vùng sự cố ${name} vẫn đang có điện; chưa thể lập phương án.`,
          en: `The faulted section ${name} is still live; there is no plan.`,
        },
        equipment: [],
      };
    }
    if (mustServe[section] === 0) continue;
    const device = network.grid.switches[tie]!;
    return {
      kind: 'cannotKeepDead',
      text: {
        vi: `Không giữ được vùng sự cố không điện: ${device.name} không mở được hoặc không rõ trạng thái, phía bên kia (${name}) đang có điện.`,
        en: `The fault cannot be kept dead: ${device.name} cannot be opened or its position is not known, and what lies behind it (${name}) is live.`,
      },
      equipment: [device.id],
    };
  }
  return null;
}
