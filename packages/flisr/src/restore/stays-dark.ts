import type { Bilingual } from '@relight/contract';
import type { PlannedRestoration } from '../plan-request.ts';
import { decimalComma } from '../decimal-comma.ts';
import { whenOf } from './forecast-report.ts';
import { connectedTo } from './held-dead.ts';
import type { RestorationProblem } from './problem.ts';
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

const KIND_WORDS: Readonly<Record<Reason['kind'], Bilingual>> = {
  loading: { vi: 'quá tải', en: 'overload of' },
  voltage: { vi: 'điện áp ngoài giới hạn tại', en: 'voltage outside its limits at' },
  source: { vi: 'nguồn không đủ công suất', en: 'source capacity' },
  pickup: { vi: 'vượt ngưỡng bảo vệ', en: 'protection pickup of' },
  tag: {
    vi: 'đang treo biển, bị khóa thao tác hoặc chưa rõ tình trạng thiết bị',
    en: 'tagged, blocked or in doubt',
  },
  stale: { vi: 'không rõ trạng thái', en: 'position not known' },
  parallel: { vi: 'sẽ khép vòng', en: 'would close a loop' },
  earth: { vi: 'đã tiếp đất', en: 'earthed' },
  fault: { vi: 'dẫn tới vùng sự cố', en: 'leads to the fault' },
  generator: { vi: 'có nguồn phân tán', en: 'generator' },
  deadOnly: { vi: 'chỉ thao tác khi không điện', en: 'operates only dead' },
  notRemote: { vi: 'không điều khiển xa', en: 'not remotely operable' },
  stuck: { vi: 'bị kẹt', en: 'stuck' },
  mode: { vi: 'chế độ vận hành không cho phép', en: 'its mode forbids it' },
  notNeeded: { vi: 'không cần', en: 'not needed' },
};

function reasonWords({ ahead_h = 0, ...reason }: Reason): Bilingual {
  const { vi, en } = reasonWordsNow(reason);
  if (ahead_h === 0) return { vi, en };
  const when = whenOf(ahead_h);
  return { vi: `${vi} ${when.vi}`, en: `${en} ${when.en}` };
}

/** A state whose load flow does not converge has no figures. */
const NO_SOLUTION: Bilingual = {
  vi: 'điện áp sụp đổ: trào lưu công suất không có nghiệm',
  en: 'the voltage would collapse: the load flow has no solution',
};

function reasonWordsNow({ kind, limit, value, allowed, unit }: Reason): Bilingual {
  if (kind === 'voltage' && limit === undefined) return NO_SOLUTION;
  const { vi, en } = KIND_WORDS[kind];
  if (limit === undefined || value === undefined) return { vi, en };
  const sign = value < (allowed ?? 0) ? '<' : '>';
  return {
    vi: `${vi} ${limit} (${decimalComma(value)} ${sign} ${decimalComma(allowed ?? 0)} ${unit})`,
    en: `${en} ${limit} (${value} ${sign} ${allowed} ${unit})`,
  };
}
