import type { PlanRefusal } from '../plan-request.ts';
import type { RestorationProblem } from './problem.ts';
import { sectionName } from './section-name.ts';

/** The refusal where every way to cut off what must stay dead breaks a limit or drops a load. */
export const CANNOT_CUT_OFF: PlanRefusal = {
  kind: 'cannotKeepDead',
  text: {
    vi: 'Không tách được vùng phải giữ không điện khỏi phần có thể đang có điện qua thiết bị không rõ trạng thái.',
    en: 'What must stay dead cannot be cut off from what may be live through switches of unknown position.',
  },
  equipment: [],
};

/** Why a live part is switched off though there is a plan without that. */
export const DEAD_ONLY_IN_DOUBT: Pick<PlanRefusal, 'text'> = {
  text: {
    vi: 'Có thiết bị chỉ thao tác khi không điện, đứng cạnh phần có thể đang có điện qua thiết bị không rõ trạng thái.',
    en: 'A switch that moves only dead stands beside what may be live through a switch of unknown position.',
  },
};

/**
 * Refuses where the fault cannot be kept dead: a faulted section (or a lost source that may
 * return) is live, or may be so through a switch of unknown position, whether or not what lies
 * behind that switch carries any load.
 */
export function cannotKeepDead(problem: RestorationProblem): PlanRefusal | null {
  const { network, stayDead, isLive } = problem;
  for (const section of stayDead.sections) {
    const reason = stayDead.reason.get(section);
    if ((reason !== 'fault' && reason !== 'source') || isLive[section] === 0) continue;
    const tie = stayDead.tiedBy.get(section) ?? -1;
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
