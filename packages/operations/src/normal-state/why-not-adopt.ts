import type { Bilingual } from '@relight/contract';
import { solveLoadFlow, violations } from '@relight/powerflow';
import { CLOSED, energise, OPEN, UNKNOWN } from '@relight/topology';
import { stands } from '../earth-fault/earth-fault-state.ts';
import { switchName, type Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import { holdsLeft } from '../holds-left.ts';
import { isClosed } from '../incident-state.ts';
import { sectionsKeptDead } from '../interlocks/energises-fault.ts';
import { estimateLoads } from '../load-estimate.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { tagsOnDevice } from '../tag.ts';

/**
 * Why the present positions of these switches cannot become the normal ones, each reason with what
 * to do; empty where nothing speaks against it. The normal state is what every later plan leads back
 * to: it must be known, at rest, radial, within its limits, and supply everybody whom the old one does.
 */
export function whyNotAdopt(
  engine: Engine,
  state: OperationsState,
  switches: readonly number[],
): readonly Bilingual[] {
  const { network } = engine;
  const sections = sectionsConcerned(engine, state, switches);
  const around = [...sections].sort((a, b) => a - b);
  return [
    ...ofDevices(engine, state, switches),
    ...atWork(engine, state, sections),
    ...holdsLeft(engine, state, around).map(({ text }) =>
      say(
        `${text.vi}: nhận lại, tháo và ghi nhận trước`,
        `${text.en}: have it handed back or removed first`,
      ),
    ),
    ...inDoubt(engine, state, sections),
    ...around.flatMap((section) => {
      const { id, name } = entryAt(engine.sections, section);
      return state.joints.has(id)
        ? [
            say(
              `${name}: chưa xác nhận thứ tự pha nơi đã nối dây`,
              `${name}: the phase order of joined conductors is not confirmed`,
            ),
          ]
        : [];
    }),
    ...ofShape(engine, state, switches, sections),
    ...outsideLimits(
      engine,
      state,
      new Set(around.map((at) => sourceOf(network.sectionNodes, at))),
    ),
  ];

  function sourceOf(nodes: Int32Array, section: number): number {
    const node = entryAt(nodes, entryAt(network.sectionStart, section));
    return entryAt(state.energisation.nodeSource, node);
  }
}

/** Sections of every feeder that meets at one of the switches, now or in the normal state. */
function sectionsConcerned(
  engine: Engine,
  state: OperationsState,
  switches: readonly number[],
): ReadonlySet<number> {
  const { switchSectionFrom, switchSectionTo } = engine.network;
  const ends = new Set(
    switches.flatMap((at) => [entryAt(switchSectionFrom, at), entryAt(switchSectionTo, at)]),
  );
  const feedersOf = (section: number): readonly number[] => [
    entryAt(engine.sections, section).normalFeeder,
    entryAt(state.sections, section).feeder,
  ];
  const feeders = new Set([...ends].flatMap((section) => feedersOf(section)));
  feeders.delete(-1);
  const found = new Set(ends);
  for (let section = 0; section < engine.sections.length; section++) {
    if (feedersOf(section).some((feeder) => feeders.has(feeder))) found.add(section);
  }
  return found;
}

function ofDevices(engine: Engine, state: OperationsState, switches: readonly number[]) {
  return switches.flatMap((at): Bilingual[] => {
    const name = switchName(engine, at);
    if (engine.switchPoints[at]?.position === undefined) {
      return [
        say(
          `${name} không gửi vị trí: đổi kết dây cơ bản của nó trong tệp lưới`,
          `${name} reports no position: change its normal position in the grid file`,
        ),
      ];
    }
    const position = state.positions[at];
    if (position !== OPEN && position !== CLOSED) {
      return [
        say(
          `${name}: vị trí không rõ, chờ tín hiệu tốt`,
          `${name}: its position is not known, wait for a good reading`,
        ),
      ];
    }
    if (position === engine.normalPositions[at]) {
      return [
        say(
          `${name} đang ở vị trí cơ bản: không có gì để nhận`,
          `${name} stands in its normal position: there is nothing to adopt`,
        ),
      ];
    }
    return tagsOnDevice(state, at).map(() =>
      say(`${name} đang treo biển: gỡ biển trước`, `${name} carries a tag: have it removed first`),
    );
  });
}

/** Plans, commands and faults that are not over. */
function atWork(
  engine: Engine,
  state: OperationsState,
  sections: ReadonlySet<number>,
): readonly Bilingual[] {
  const { switchSectionFrom, switchSectionTo } = engine.network;
  const touches = (at: number): boolean =>
    sections.has(entryAt(switchSectionFrom, at)) || sections.has(entryAt(switchSectionTo, at));
  const found: Bilingual[] = [];
  for (const incident of state.incidents) {
    const concerns =
      incident.outSections.some((section) => sections.has(section)) ||
      incident.plan?.switches.some((at) => touches(at)) === true;
    if (!concerns) continue;
    const isAtRest =
      isClosed(incident) || (incident.wayBack !== null && incident.state === 'noPlan');
    if (!isAtRest) {
      found.push(
        say(
          `${incident.id} chưa xong: chờ phương án kết thúc hoặc hủy nó`,
          `${incident.id} is not over: wait for its plan to end, or abort it`,
        ),
      );
    } else if (sectionsKeptDead(incident).some((section) => sections.has(section))) {
      found.push(
        say(
          `${incident.id} còn giữ phần sự cố không điện: sửa xong và gỡ khóa trước`,
          `${incident.id} keeps a faulted part dead: have it repaired and lifted first`,
        ),
      );
    }
  }
  for (const id of state.activeCommands) {
    const command = state.commands.get(id);
    if (command === undefined || !touches(command.switchIndex)) continue;
    found.push(
      say(
        `lệnh ${id} tới ${command.equipment} chưa xong`,
        `command ${id} to ${command.equipment} is not over`,
      ),
    );
  }
  const concernsFeeder = (feeder: number): boolean =>
    [...sections].some((section) => entryAt(engine.sections, section).normalFeeder === feeder);
  for (const fault of state.earthFaults.filter(stands)) {
    if (!fault.feeders.some(({ feeder }) => concernsFeeder(feeder))) continue;
    found.push(
      say(
        `chạm đất ${fault.id} còn tồn tại: xử lý trước`,
        `earth fault ${fault.id} stands: clear it first`,
      ),
    );
  }
  return found;
}

function inDoubt(
  engine: Engine,
  state: OperationsState,
  sections: ReadonlySet<number>,
): readonly Bilingual[] {
  const { network } = engine;
  const doubtful = engine.grid.switches.flatMap(({ name }, at) =>
    state.positions[at] === UNKNOWN &&
    (sections.has(entryAt(network.switchSectionFrom, at)) ||
      sections.has(entryAt(network.switchSectionTo, at)))
      ? [name]
      : [],
  );
  if (doubtful.length === 0) return [];
  const names = doubtful.join(', ');
  return [
    say(
      `vị trí không rõ trên các lộ liên quan: ${names}`,
      `positions on the feeders concerned are not known: ${names}`,
    ),
  ];
}

/** Dark parts and loops, now and in what would be the normal state. */
function ofShape(
  engine: Engine,
  state: OperationsState,
  switches: readonly number[],
  sections: ReadonlySet<number>,
): readonly Bilingual[] {
  const { network, normalEnergisation: before } = engine;
  const wanted = engine.normalPositions.slice();
  for (const at of switches) wanted[at] = entryAt(state.positions, at);
  const after = energise(network, wanted);
  const isLost = (energised: typeof after, section: number): boolean => {
    const node = entryAt(network.sectionNodes, entryAt(network.sectionStart, section));
    return before.nodeSource[node] !== -1 && energised.nodeSource[node] === -1;
  };
  const names = (energised: typeof after, among: Iterable<number>): string =>
    [...among]
      .filter((section) => isLost(energised, section))
      .sort((a, b) => a - b)
      .map((section) => entryAt(engine.sections, section).name)
      .join(', ');
  const found: Bilingual[] = [];
  const dead = names(state.energisation, sections);
  if (dead !== '') {
    found.push(say(`đang mất điện: ${dead}`, `without supply now: ${dead}`));
  }
  const lost = names(after, engine.sections.keys());
  if (lost !== '' && lost !== dead) {
    found.push(
      say(
        `kết dây mới sẽ không cấp được: ${lost}; chọn cả thiết bị còn lại`,
        `the new normal state would not supply: ${lost}; choose the other switches that moved too`,
      ),
    );
  }
  if (state.energisation.loopBranches.length > before.loopBranches.length) {
    found.push(say('đang khép vòng: mở vòng trước', 'a loop stands: part it first'));
  }
  if (after.loopBranches.length > before.loopBranches.length) {
    found.push(
      say(
        'kết dây mới sẽ khép vòng; chọn cả thiết bị còn lại',
        'the new normal state would hold a loop; choose the other switches that moved too',
      ),
    );
  }
  return found;
}

function outsideLimits(
  engine: Engine,
  state: OperationsState,
  onlySources: Set<number>,
): readonly Bilingual[] {
  const { network } = engine;
  onlySources.delete(-1);
  const flow = solveLoadFlow({
    network,
    positions: state.positions,
    energisation: state.energisation,
    loads: estimateLoads(engine, state),
    onlySources,
  });
  if (!flow.converged) {
    return [say('trào lưu công suất không hội tụ', 'the load flow does not converge')];
  }
  return violations(network, flow).map(({ equipment, value, allowed, unit }) => {
    const digits = unit === 'pu' ? 3 : 0;
    const figures = `${value.toFixed(digits)} ${unit} / ${allowed.toFixed(digits)} ${unit}`;
    return say(
      `${equipment} ngoài giới hạn: ${figures}`,
      `${equipment} is outside its limit: ${figures}`,
    );
  });
}
