import type { Bilingual } from '@relight/contract';
import type { EnergyConsumer } from '@relight/grid';
import type { Violation } from '@relight/powerflow';
import { decimalComma } from '../decimal-comma.ts';
import { uncheckedRest, whenOf } from './forecast-report.ts';
import { round } from './figures.ts';
import type { RestorationProblem } from './problem.ts';
import { placesOf } from './section-values.ts';
import type { Sequence } from './sequence.ts';

/** What a dispatcher should know beforehand and no plan can mend. */
export function warnings(problem: RestorationProblem): readonly Bilingual[] {
  const { judge, network, now } = problem;
  const found: Bilingual[] = [];
  for (const hour of [judge, ...judge.ahead].toSorted((a, b) => a.ahead_h - b.ahead_h)) {
    found.push(...hour.baseViolations.map((each) => alreadyOutside(each, hour.ahead_h)));
    if (hour.baseConverged) continue;
    const when = inHours(hour.ahead_h);
    found.push({
      vi: `Trào lưu công suất sau khi nhảy máy cắt không hội tụ${when.vi}: không kiểm tra được giới hạn.`,
      en: `The load flow of the state after the trip did not converge${when.en}: limits cannot be checked.`,
    });
  }
  const unchecked = uncheckedRest(problem);
  if (unchecked !== null) found.push(unchecked);
  for (const unit of network.grid.generators) {
    if (now.nodeSource[unit.node] !== -1) continue;
    found.push({
      vi: `Nguồn phân tán ${unit.id} nằm trong vùng mất điện: coi là còn điện cho đến khi đo được không điện.`,
      en: `Generator ${unit.id} lies in the outage: its part counts as live until its voltage reads dead.`,
    });
  }
  for (const at of [...problem.request.options.untrusted].sort((a, b) => a - b)) {
    const { name } = network.grid.switches[at]!;
    found.push({
      vi: `Không rõ trạng thái ${name}: không thao tác, coi là đóng đối với phần phải giữ không điện.`,
      en: `The position of ${name} is not known: it is not operated, and counts as closed for what must stay dead.`,
    });
  }
  return found;
}

/** Nothing for now, else when. */
function inHours(ahead_h: number): Bilingual {
  const when = whenOf(ahead_h);
  return ahead_h === 0 ? { vi: '', en: '' } : { vi: ` ${when.vi}`, en: ` ${when.en}` };
}

function alreadyOutside(
  { kind, equipment, value, allowed, unit }: Violation,
  ahead_h: number,
): Bilingual {
  const when = inHours(ahead_h);
  const figure = unit === '%' ? 2 : 3;
  const [is, may] = [round(value, figure), round(allowed, figure)];
  const names = {
    loading: { vi: 'quá tải', en: 'overloaded' },
    voltage: { vi: 'điện áp ngoài giới hạn', en: 'voltage outside its limits' },
    source: { vi: 'nguồn quá tải', en: 'source overloaded' },
    pickup: { vi: 'gần ngưỡng tác động bảo vệ', en: 'too close to protection pickup' },
  }[kind];
  return {
    vi: `${equipment}: ${names.vi}${when.vi} từ trước phương án (${decimalComma(is)} ${unit} / ${decimalComma(may)} ${unit}).`,
    en: `${equipment}: ${names.en}${when.en} before the plan already (${is} ${unit} / ${may} ${unit}).`,
  };
}

/** Why a person must release the plan, whatever the mode. */
export function advisories(
  problem: RestorationProblem,
  { interrupted }: Sequence,
  served: Uint8Array,
): readonly Bilingual[] {
  const found: Bilingual[] = [];
  const shed = shedLoads(problem, served);
  if (shed.length > 0) {
    const names = shed.map((load) => load.name).join(', ');
    found.push({
      vi: `Phương án sa thải phụ tải đang có điện: ${names}.`,
      en: `The plan leaves loads dark that are served now: ${names}.`,
    });
  }
  if (interrupted > 0) {
    found.push({
      vi: `Chuyển tải làm ${interrupted} khách hàng mất điện trong chốc lát.`,
      en: `Transfers interrupt ${interrupted} customers for a moment.`,
    });
  }
  return found;
}

/** Loads that are served after the trip and not at the end, by index. */
function shedLoads(
  { network, isLive }: RestorationProblem,
  served: Uint8Array,
): readonly EnergyConsumer[] {
  const dark = placesOf(served, 0).filter((section) => isLive[section] === 1);
  if (dark.length === 0) return [];
  const isShed = new Set(dark);
  const shed: EnergyConsumer[] = [];
  network.loadNode.forEach((node, load) => {
    if (isShed.has(network.nodeSection[node]!)) shed.push(network.grid.loads[load]!);
  });
  return shed;
}
