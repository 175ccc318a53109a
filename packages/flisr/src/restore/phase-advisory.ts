import type { Bilingual } from '@relight/contract';
import { CLOSED, sectionEquipment } from '@relight/topology';
import { lastKnown } from './last-known.ts';
import { doubtOnWay } from './phase-order.ts';
import type { RestorationProblem } from './problem.ts';

/**
 * Why a person must release a plan that gives life to conductors of unconfirmed phase order, or to
 * others through them; empty where none does.
 */
export function phaseAdvisory(
  problem: RestorationProblem,
  final: Uint8Array,
): readonly Bilingual[] {
  const doubtful = givenLife(problem, final);
  if (doubtful.length === 0) return [];
  const names = doubtful
    .map((section) => sectionEquipment(problem.network, section)[0]!)
    .join(', ');
  return [
    {
      vi: `Chưa xác nhận thứ tự pha tại ${names}: chỉ đóng điện hình tia từ máy cắt của chính nó, không hòa và không khép vòng; đo thứ tự pha trước khi cấp điện cho khách hàng.`,
      en: `The phase order at ${names} is not confirmed: it is energised from its own breaker only, without parallel or tie; measure it before customers are supplied.`,
    },
  ];
}

/** Ascending. */
function givenLife(problem: RestorationProblem, final: Uint8Array): readonly number[] {
  const { network, judge, phaseDoubt, isLive, positions } = problem;
  if (phaseDoubt === null) return [];
  const { sections } = phaseDoubt;
  const state = judge.energise(lastKnown(problem, final));
  const found = new Set<number>();
  for (const section of sections) {
    const node = network.sectionNodes[network.sectionStart[section]!]!;
    if (isLive[section] === 0 && state.nodeSource[node] !== -1) found.add(section);
  }
  for (let at = 0; at < final.length; at++) {
    if (final[at] !== CLOSED || positions[at] === CLOSED) continue;
    found.add(doubtOnWay(network, sections, state, network.grid.switches[at]!.from));
    found.add(doubtOnWay(network, sections, state, network.grid.switches[at]!.to));
  }
  found.delete(-1);
  return [...found].sort((a, b) => a - b);
}
