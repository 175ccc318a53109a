import type { Bilingual } from '@relight/contract';
import type { Network } from '@relight/topology';
import { decimalComma } from '../decimal-comma.ts';
import { deviceName, type Clue } from './clues.ts';
import type { FaultTree } from './fault-tree.ts';
import type { ReactanceReading } from './posterior.ts';
import type { FaultKind } from './fault-kind.ts';
import type { Passage } from './read-passages.ts';
import type { SupplyReport } from './supply-reports.ts';

/** A reason for or against one section. */
export interface Because {
  readonly supports: boolean;
  readonly text: Bilingual;
}

/** More names than this make a sentence nobody reads. */
const NAMES = 6;

/** The evidence for and against a fault in one section, in plain words. */
export function becauseOfSection(
  tree: FaultTree,
  section: number,
  clues: readonly Clue[],
): readonly Because[] {
  const entry = tree.nodes.findIndex((node) => tree.network.nodeSection[node] === section);
  const isAbove = new Set<number>();
  for (let place = entry; place !== -1; place = tree.parent[place]!) isAbove.add(place);
  const { nodeSection } = tree.network;
  const inside = (clue: Clue): boolean =>
    clue.place !== entry && nodeSection[tree.nodes[clue.place]!] === section;
  const above = (clue: Clue): boolean => isAbove.has(clue.place);
  const below = (clue: Clue): boolean =>
    !above(clue) && !inside(clue) && hangsBelow(tree, clue.place, section);

  const names = (pick: (clue: Clue) => boolean): string | null => {
    const found = clues.filter((clue) => pick(clue)).map((clue) => clue.equipment);
    if (found.length === 0) return null;
    const shown = found.slice(0, NAMES).map((id) => deviceName(tree.network, id));
    return shown.join(', ') + (found.length > NAMES ? '…' : '');
  };
  const found: Because[] = [];
  const say = (supports: boolean, text: (list: string) => Bilingual, list: string | null): void => {
    if (list !== null) found.push({ supports, text: text(list) });
  };
  say(
    true,
    (list) => ({
      vi: `Dòng sự cố đã đi qua ${list}.`,
      en: `Fault current passed ${list}.`,
    }),
    names((clue) => clue.says === 'passed' && above(clue)),
  );
  say(
    true,
    (list) => ({
      vi: `${list} thấy dòng sự cố theo hướng ngược về nguồn: sự cố không nằm phía sau.`,
      en: `${list} saw the fault current towards the source: the fault is not behind it.`,
    }),
    names((clue) => clue.says === 'backward' && below(clue)),
  );
  say(
    true,
    (list) => ({
      vi: `Dòng sự cố không đi qua ${list} phía sau vùng này.`,
      en: `No fault current passed ${list} behind this section.`,
    }),
    names((clue) => clue.kind === 'indicator' && clue.says === 'notPassed' && below(clue)),
  );
  say(
    false,
    (list) => ({
      vi: `${list} không báo, dù dòng sự cố lẽ ra phải đi qua.`,
      en: `${list} stayed silent although the fault current would have passed.`,
    }),
    names((clue) => clue.kind === 'indicator' && clue.says === 'notPassed' && above(clue)),
  );
  say(
    false,
    (list) => ({
      vi: `${list} thấy dòng sự cố theo hướng ngược về nguồn.`,
      en: `${list} saw the fault current towards the source.`,
    }),
    names((clue) => clue.says === 'backward' && above(clue)),
  );
  say(
    false,
    (list) => ({
      vi: `${list} đã báo, dù không nằm trên đường đi của dòng sự cố đến vùng này.`,
      en: `${list} indicated although not on the way of a fault current to this section.`,
    }),
    names((clue) => clue.says === 'passed' && !above(clue) && !inside(clue)),
  );
  say(
    false,
    (list) => ({
      vi: `${list} lẽ ra phải tác động trước.`,
      en: `${list} would have tripped first.`,
    }),
    names((clue) => clue.kind === 'protection' && above(clue)),
  );
  return found;
}

function hangsBelow(tree: FaultTree, start: number, section: number): boolean {
  for (let place = start; place !== -1; place = tree.parent[place]!) {
    if (tree.network.nodeSection[tree.nodes[place]!] === section) return true;
  }
  return false;
}

/** Whether the measured reactance fits a section, whose path reactances run from near to far. */
export function becauseOfReactance(
  { reactance_ohm, equipment }: ReactanceReading,
  network: Network,
  near_ohm: number,
  far_ohm: number,
  sigma_ohm: number,
): Because {
  const distance = Math.max(0, near_ohm - reactance_ohm, reactance_ohm - far_ohm);
  const supports = distance <= 2 * sigma_ohm;
  const [near, far] = [near_ohm.toFixed(2), far_ohm.toFixed(2)];
  const range = { vi: `${decimalComma(near)}–${decimalComma(far)} Ω`, en: `${near}–${far} Ω` };
  const device = deviceName(network, equipment);
  const measured = reactance_ohm.toFixed(2);
  return {
    supports,
    text: supports
      ? {
          vi: `Điện kháng sự cố ${device} đo được ${decimalComma(measured)} Ω, phù hợp với vùng này (${range.vi}).`,
          en: `The fault reactance of ${measured} Ω at ${device} fits this section (${range.en}).`,
        }
      : {
          vi: `Điện kháng sự cố ${device} đo được ${decimalComma(measured)} Ω, không phù hợp với vùng này (${range.vi}).`,
          en: `The fault reactance of ${measured} Ω at ${device} does not fit this section (${range.en}).`,
        },
  };
}

/**
 * What tripped, and what could not be used, for the whole fault.
 * @param reported - a device that itself said something of its opening.
 */
export function becauseOfGroup(
  network: Network,
  devices: readonly number[],
  functions: ReadonlyMap<string, string>,
  passages: readonly Passage[],
  reported: (device: number) => boolean,
): readonly Bilingual[] {
  const found: Bilingual[] = devices.filter(reported).map((at) => {
    const { id, name } = network.grid.switches[at]!;
    const by = functions.get(id);
    return {
      vi: `${name} nhảy${by === undefined ? '' : ` do ${by}`} và khóa.`,
      en: `${name} tripped${by === undefined ? '' : ` by ${by}`} and locked out.`,
    };
  });
  const list = (...readings: readonly Passage['reading'][]): string =>
    passages
      .filter((each) => readings.includes(each.reading))
      .map((each) => deviceName(network, each.id))
      .join(', ');
  const passed = list('passed', 'forward', 'reverse');
  const silent = list('notPassed');
  const unusable = list('unusable');
  if (passed !== '') {
    found.push({
      vi: `Chỉ báo sự cố đã tác động: ${passed}.`,
      en: `Fault indicators that operated: ${passed}.`,
    });
  }
  if (silent !== '') {
    found.push({
      vi: `Chỉ báo sự cố không tác động: ${silent}.`,
      en: `Fault indicators that did not operate: ${silent}.`,
    });
  }
  if (unusable !== '') {
    found.push({
      vi: `Không dùng làm bằng chứng (dữ liệu cũ hoặc không hợp lệ): ${unusable}.`,
      en: `Not used as evidence (stale or invalid): ${unusable}.`,
    });
  }
  return found;
}

/** What meters and voltage detectors say of a section. */
export function becauseOfSupply(
  network: Network,
  report: SupplyReport | undefined,
): readonly Because[] {
  if (report === undefined || report.live.length === 0) return [];
  const names = (ids: readonly string[]): string =>
    ids
      .slice(0, NAMES)
      .map((id) => deviceName(network, id))
      .join(', ') + (ids.length > NAMES ? '…' : '');
  const found: Because[] = [
    {
      supports: false,
      text: {
        vi: `Sau khi nhảy vẫn còn điện áp tại ${names(report.live)}.`,
        en: `There was still voltage at ${names(report.live)} after the trip.`,
      },
    },
  ];
  if (report.dead.length > 0) {
    found.push({
      supports: true,
      text: {
        vi: `Mất điện tại ${names(report.dead)}.`,
        en: `No supply at ${names(report.dead)}.`,
      },
    });
  }
  return found;
}

/** The neutral voltage that told an earth fault. */
export function becauseOfKind(network: Network, kind: FaultKind): readonly Bilingual[] {
  if (kind.neutralVoltageAt.length === 0) return [];
  const list = [...new Set(kind.neutralVoltageAt)].map((id) => deviceName(network, id)).join(', ');
  return [
    {
      vi: `Có điện áp trung tính (3U0) tại ${list}: chạm đất.`,
      en: `Neutral voltage (3U0) at ${list}: an earth fault.`,
    },
  ];
}

/** The device that tripped saw the fault on its other side. */
export function becauseOfReverse(network: Network, ids: readonly string[]): readonly Bilingual[] {
  return ids.map((id) => ({
    vi: `${deviceName(network, id)} thấy dòng sự cố theo hướng ngược: có thể sự cố ở phía nguồn của nó.`,
    en: `${deviceName(network, id)} saw the fault current in reverse: the fault may lie on its source side.`,
  }));
}
