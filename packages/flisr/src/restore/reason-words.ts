import type { Bilingual } from '@relight/contract';
import { decimalComma } from '../decimal-comma.ts';
import { whenOf } from './forecast-report.ts';
import type { Reason } from './try-close.ts';

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
  phaseOrder: { vi: 'chưa xác nhận thứ tự pha tại', en: 'phase order not confirmed at' },
  notNeeded: { vi: 'không cần', en: 'not needed' },
};

/** Why a switch is not closed, in words. */
export function reasonWords({ ahead_h = 0, ...reason }: Reason): Bilingual {
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
  if (kind === 'phaseOrder') return { vi: `${vi} ${limit}`, en: `${en} ${limit}` };
  if (limit === undefined || value === undefined) return { vi, en };
  const sign = value < (allowed ?? 0) ? '<' : '>';
  return {
    vi: `${vi} ${limit} (${decimalComma(value)} ${sign} ${decimalComma(allowed ?? 0)} ${unit})`,
    en: `${en} ${limit} (${value} ${sign} ${allowed} ${unit})`,
  };
}
