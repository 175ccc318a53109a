import type { Bilingual, Rejection } from '@relight/contract';
import type { PlannedRestoration } from '../plan-request.ts';
import type { RestorationProblem } from './problem.ts';

/** Sections that were live before the fault and stay dark, most customers first, and why. */
export function staysDark(
  problem: RestorationProblem,
  served: Uint8Array,
  rejected: readonly Rejection[],
): PlannedRestoration['staysDark'] {
  const { values, wasLive } = problem;
  const dark: number[] = [];
  wasLive.forEach((was, section) => {
    if (was === 1 && served[section] === 0) dark.push(section);
  });
  dark.sort(
    (a, b) =>
      values.customers[b]! - values.customers[a]! ||
      values.active_W[b]! - values.active_W[a]! ||
      a - b,
  );
  return dark.map((section) => ({ section, why: whyDark(problem, section, rejected) }));
}

function whyDark(
  { network, stayDead, request }: RestorationProblem,
  section: number,
  rejected: readonly Rejection[],
): Bilingual {
  if (request.faultedSections.includes(section)) {
    return { vi: 'Là vùng bị sự cố.', en: 'It is the faulted section.' };
  }
  const tie = stayDead.tiedBy[section]!;
  const name = tie === -1 ? '' : network.grid.switches[tie]!.name;
  switch (stayDead.reason[section]) {
    case 'fault':
      return {
        vi: `Không tách được khỏi vùng sự cố: không mở được ${name}.`,
        en: `It cannot be separated from the fault: ${name} cannot be opened.`,
      };
    case 'tag':
      return {
        vi: 'Đang treo biển, không được đóng điện.',
        en: 'It is tagged and may not be energised.',
      };
    case 'earth':
      return { vi: 'Đã tiếp đất.', en: 'It is earthed.' };
    case 'source':
      return {
        vi: 'Nguồn bị mất có thể có điện trở lại bất cứ lúc nào.',
        en: 'It hangs on a lost source that may return at any moment.',
      };
    default:
      return limitInTheWay(rejected);
  }
}

const TIE_LIMITS = new Set(['loading', 'voltage', 'source', 'pickup']);

function limitInTheWay(rejected: readonly Rejection[]): Bilingual {
  const limits = rejected.filter(({ kind, limit }) => TIE_LIMITS.has(kind) && limit !== undefined);
  if (limits.length === 0) {
    return {
      vi: 'Không còn đường cấp điện nào điều khiển xa được.',
      en: 'No remotely operable way leads to a live source.',
    };
  }
  const words = limits
    .map((tie) => `${tie.switch} (${tie.limit}: ${tie.value} / ${tie.allowed} ${tie.unit})`)
    .join(', ');
  return {
    vi: `Khả năng nhận tải còn lại không đủ: ${words}.`,
    en: `The spare capacity is not enough: ${words}.`,
  };
}
