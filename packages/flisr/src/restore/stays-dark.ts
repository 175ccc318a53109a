import type { Bilingual } from '@relight/contract';
import type { PlannedRestoration } from '../plan-request.ts';
import { connectedTo } from './held-dead.ts';
import type { RestorationProblem } from './problem.ts';
import { reasonWords } from './reason-words.ts';
import { cutOff, tryClose, type Reason } from './try-close.ts';

/** Sections that were live before the fault and stay dark, most customers first, and why. */
export function staysDark(
  problem: RestorationProblem,
  final: Uint8Array,
  served: Uint8Array,
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
  return dark.map((section) => ({ section, why: whyDark(problem, section, final, served) }));
}

function whyDark(
  problem: RestorationProblem,
  section: number,
  final: Uint8Array,
  served: Uint8Array,
): Bilingual {
  const { network, stayDead, request } = problem;
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
    case 'generator':
      return {
        vi: 'Nguồn phân tán có thể tự lập lưới: coi là còn điện, chỉ hòa điện khi có người kiểm tra đồng bộ.',
        en: 'A generator may carry it as an island: it counts as live, and is joined only by people who check synchronism.',
      };
    case 'earth':
      return { vi: 'Đã tiếp đất.', en: 'It is earthed.' };
    case 'source':
      return {
        vi: 'Nguồn bị mất có thể có điện trở lại bất cứ lúc nào.',
        en: 'It hangs on a lost source that may return at any moment.',
      };
    default:
      return whyNoWayIn(problem, section, final, served);
  }
}

/** What bars the ways into a healthy part that stays dark. */
function whyNoWayIn(
  problem: RestorationProblem,
  section: number,
  final: Uint8Array,
  served: Uint8Array,
): Bilingual {
  const { network } = problem;
  const apart = cutOff(problem, final);
  const part = connectedTo(problem, apart, [section]);
  const vi: string[] = [];
  const en: string[] = [];
  for (let at = 0; at < network.switchCount; at++) {
    const from = network.switchSectionFrom[at]!;
    const to = network.switchSectionTo[at]!;
    if (part[from] === part[to]) continue;
    if (served[part[from] === 1 ? to : from] === 0) continue;
    const { name } = network.grid.switches[at]!;
    const bar = problem.bars[at]!;
    const reason: Reason | null = bar === null ? tryClose(problem, apart, at) : { kind: bar };
    if (reason === null) continue;
    const words = reasonWords(reason);
    vi.push(`${name}: ${words.vi}`);
    en.push(`${name}: ${words.en}`);
  }
  if (vi.length === 0) {
    return {
      vi: 'Không có đường nào dẫn tới nguồn đang có điện.',
      en: 'No way leads to a live source.',
    };
  }
  return { vi: `${vi.join('; ')}.`, en: `${en.join('; ')}.` };
}
