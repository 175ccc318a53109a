import type { Bilingual } from '@relight/contract';
import { CLOSED } from '@relight/topology';
import { whyNoParallel, type NoParallel } from './parallel.ts';
import type { RestorationProblem } from './problem.ts';
import { reasonWords } from './reason-words.ts';
import { sidesOf, type ReturnRules } from './return-rules.ts';
import type { ReturnSequence } from './return-sequence.ts';
import { lastKnown } from './last-known.ts';
import { asReason, tryClose } from './try-close.ts';

const NO_PARALLEL: Readonly<Record<NoParallel, Bilingual>> = {
  notAllowed: {
    vi: 'thiết bị không cho phép khép vòng',
    en: 'the switch may not close a loop',
  },
  dead: { vi: 'một phía không điện', en: 'one side is dead' },
  angleGroup: {
    vi: 'hai nguồn khác nhóm góc pha',
    en: 'the two sources are of different angle groups',
  },
  phaseShift: { vi: 'hai phía lệch tổ đấu dây', en: 'the two sides differ in phase shift' },
  phaseOrder: {
    vi: 'chưa xác nhận thứ tự pha nơi đã nối dây',
    en: 'the phase order is not confirmed where conductors were joined',
  },
  doubt: {
    vi: 'còn vị trí chưa rõ hoặc nguồn phân tán tự lập lưới',
    en: 'a position is not known there, or a generator can carry an island',
  },
};

/** Why a switch is left off its normal position, at the end of a way back. */
export function whyLeft(
  problem: RestorationProblem,
  sequence: ReturnSequence,
  at: number,
  rules: ReturnRules,
): Bilingual {
  const { name } = problem.network.grid.switches[at]!;
  const why =
    sequence.positions[at] === CLOSED
      ? {
          vi: 'mở ra sẽ làm mất điện, vì phía kết dây cơ bản chưa cấp lại được',
          en: 'to open it would take supply, since the side it belongs to cannot give it back',
        }
      : whyOpen(problem, sequence, at, rules);
  return {
    vi: `Chưa trả về kết dây cơ bản: ${name}: ${why.vi}.`,
    en: `Not returned to normal: ${name}: ${why.en}.`,
  };
}

function whyOpen(
  problem: RestorationProblem,
  { positions, live, touched }: ReturnSequence,
  at: number,
  rules: ReturnRules,
): Bilingual {
  const sides = sidesOf(problem, at);
  const liveSides = sides.filter((section) => live[section] === 1).length;
  if (liveSides === 0) {
    return { vi: 'hai phía đều không điện', en: 'both its sides are dead' };
  }
  if (liveSides === 1) {
    const unproved = sides.some((section) => live[section] === 0 && rules.repaired.has(section));
    if (unproved && !rules.energisers.has(at)) return NEEDS_BREAKER;
    const reason = tryClose(problem, positions, at);
    return reason === null ? NO_ORDER : reasonWords(reason);
  }
  const barred = whyNoParallel(problem, positions, at);
  if (barred !== null) return withoutPause(NO_PARALLEL[barred], rules);
  const joined = positions.slice();
  joined[at] = CLOSED;
  const { violation } = problem.judge.joinedBy(at, () =>
    problem.judge.judge(lastKnown(problem, joined), touched),
  );
  if (violation === null) return NO_ORDER;
  const words = reasonWords(
    violation === 'notConverged' ? { kind: 'voltage' } : asReason(violation),
  );
  return withoutPause({ vi: `khép vòng: ${words.vi}`, en: `in parallel: ${words.en}` }, rules);
}

const NEEDS_BREAKER: Bilingual = {
  vi: 'đóng điện lần đầu phần đã sửa phải bằng máy cắt hoặc recloser đã khóa tự đóng lại; không có thiết bị nào như vậy mà không làm mất điện nơi khác',
  en: 'a repaired part is energised first by a breaker or recloser with its reclosing off, and none does it without an interruption elsewhere',
};
const NO_ORDER: Bilingual = {
  vi: 'không có trình tự thao tác nào giữ được mọi giới hạn',
  en: 'no order of moves keeps every limit',
};

function withoutPause({ vi, en }: Bilingual, { mayInterrupt }: ReturnRules): Bilingual {
  return mayInterrupt
    ? { vi, en }
    : {
        vi: `${vi}, và không được phép cắt điện thoáng qua`,
        en: `${en}, and no interruption is allowed`,
      };
}
