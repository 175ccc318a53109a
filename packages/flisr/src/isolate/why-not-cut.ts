import type { Bilingual } from '@relight/contract';
import { OPEN } from '@relight/topology';
import { lastKnown } from '../restore/last-known.ts';
import type { PlanRefusal } from '../plan-request.ts';
import type { RestorationProblem } from '../restore/problem.ts';
import { reasonWords } from '../restore/reason-words.ts';
import { touchedSources } from '../restore/switching-state.ts';
import { asReason } from '../restore/try-close.ts';
import { waysIn } from './cut-off-live.ts';

const LIVE_SWITCHES_ARE_LEFT: Bilingual = {
  vi: 'Theo yêu cầu không được mở thiết bị đang có điện.',
  en: 'As asked for, no live switch is opened.',
};
const SOURCE_INSIDE: Bilingual = {
  vi: 'Phần đang có điện đó có nguồn, không thiết bị nào cắt được nó ra.',
  en: 'That live part holds a source, and no switch cuts it off.',
};
const NO_WAY: Bilingual = {
  vi: 'Không có cách cắt phần đang có điện đó mà cấp lại được cho mọi phụ tải phải có điện.',
  en: 'No way to switch that live part off gives supply back to everybody who has to have it.',
};

/** A refusal with what stands in the way of cutting the live part off, and what a person can do. */
export function withWhyNotCut(
  problem: RestorationProblem,
  part: Uint8Array | undefined,
  refusal: PlanRefusal,
): PlanRefusal {
  const why = part === undefined ? LIVE_SWITCHES_ARE_LEFT : whyNotCut(problem, part);
  const next = whatNext(problem, refusal);
  return {
    ...refusal,
    text: {
      vi: `${refusal.text.vi} ${why.vi} ${next.vi}`,
      en: `${refusal.text.en} ${why.en} ${next.en}`,
    },
  };
}

function whyNotCut(problem: RestorationProblem, part: Uint8Array): Bilingual {
  const opens = waysIn(problem, part);
  if (opens === null) return SOURCE_INSIDE;
  const final = problem.positions.slice();
  for (const at of opens) final[at] = OPEN;
  const known = lastKnown(problem, final);
  const { violation, ahead_h } = problem.judge.judge(known, touchedSources(problem, final));
  if (violation === null) return NO_WAY;
  const when = ahead_h === 0 ? {} : { ahead_h };
  const words = reasonWords(
    violation === 'notConverged'
      ? { kind: 'voltage', ...when }
      : { ...asReason(violation), ...when },
  );
  return {
    vi: `Cắt phần đó sẽ vi phạm giới hạn: ${words.vi}.`,
    en: `To switch that part off would break a limit: ${words.en}.`,
  };
}

/** The switch in doubt is settled on the spot; where load may be shed, there may be a plan. */
function whatNext({ network, request }: RestorationProblem, { equipment }: PlanRefusal): Bilingual {
  const { untrusted, allowShedding } = request.options;
  const { switches } = network.grid;
  const inDoubt = [...untrusted].sort((a, b) => a - b).map((at) => switches[at]!.name);
  const tied = switches.filter(({ id }) => equipment.includes(id)).map(({ name }) => name);
  const names = (tied.length > 0 ? tied : inDoubt).join(', ');
  const shed = allowShedding
    ? { vi: '', en: '' }
    : {
        vi: ', hoặc cho phép sa thải phụ tải rồi lập lại phương án',
        en: ', or allow load to be shed and plan again',
      };
  if (names === '') {
    return {
      vi: `Cần mở tại chỗ các thiết bị quanh vùng đó${shed.vi}.`,
      en: `Have the devices around it opened on the spot${shed.en}.`,
    };
  }
  return {
    vi: `Cần xác nhận trạng thái hoặc mở tại chỗ: ${names}${shed.vi}.`,
    en: `Have it opened, or its position confirmed, on the spot: ${names}${shed.en}.`,
  };
}
