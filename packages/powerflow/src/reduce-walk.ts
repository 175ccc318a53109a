import { BASE_POWER_VA, type LoadFlowConstants, type LoadShares } from './constants.ts';
import type { LoadFlowRequest, LoadState } from './load-flow.ts';
import { roomForTree, type LoadFlowWorkspace, type TreeBuffers } from './workspace.ts';

/**
 * Turns a walk into what the sweeps run over. A node gets a sweep place where something is taken,
 * where current branches, at both ends of a transformer, at sources and at `ends` of cut loops;
 * everything between two of them is one series impedance, and what carries no current is left out.
 * Exact: along a line without anything to take there is one current.
 * @returns How many sweep places there are.
 */
export function reduceWalk(
  workspace: LoadFlowWorkspace,
  request: LoadFlowRequest,
  count: number,
  ends: readonly number[],
): number {
  const kept = findCarriers(workspace, count, ends);
  roomForTree(workspace, kept);
  placeAll(workspace, request, count);
  return kept;
}

/** Weight of a child behind a transformer among the children that carry current: it keeps its parent. */
const KEEPS = 2;

/**
 * From the ends of the trees to the sources: fills `carrier` with the place of the kept node that
 * takes the current of each place, −1 where there is none. `above` serves as a notepad.
 * @returns How many nodes are kept.
 */
function findCarriers(
  { network, constants, walk }: LoadFlowWorkspace,
  count: number,
  ends: readonly number[],
): number {
  const { node, parent, branch, carrier, above } = walk;
  const { nodeTakesStart } = constants;
  const { lineCount, firstSwitchBranch } = network;
  // Until its turn comes, `carrier` of a place counts the children that carry current.
  carrier.fill(0, 0, count);
  for (const end of ends) carrier[end] = KEEPS;
  let kept = 0;
  for (let place = count - 1; place >= 0; place--) {
    const up = parent[place]!;
    const code = branch[place]!;
    const way = code < 0 ? ~code : code;
    const isTransformer = up >= 0 && way >= lineCount && way < firstSwitchBranch;
    const children = carrier[place]!;
    const at = node[place]!;
    const takes = nodeTakesStart[at + 1]! > nodeTakesStart[at]!;
    let below = -1;
    if (takes || isTransformer || children >= KEEPS || up < 0) {
      below = place;
      kept += 1;
    } else if (children === 1) below = above[place]!;
    carrier[place] = below;
    if (below < 0 || up < 0) continue;
    carrier[up]! += isTransformer ? KEEPS : 1;
    above[up] = below;
  }
  return kept;
}

/** From the sources outward: sweep places with their impedance and what they take. */
function placeAll(workspace: LoadFlowWorkspace, request: LoadFlowRequest, count: number): void {
  const { network, constants, walk, tree } = workspace;
  const { node, parent, branch, carrier, sweepPlace, above, resistance, reactance, shift_deg } =
    walk;
  const { resistance_pu, reactance_pu } = constants;
  const { lineCount, firstSwitchBranch } = network;
  let next = 0;
  for (let place = 0; place < count; place++) {
    const up = parent[place]!;
    let r = 0;
    let x = 0;
    let ratio = 1;
    if (up < 0) {
      above[place] = -1;
      shift_deg[place] = 0;
    } else {
      const code = branch[place]!;
      const way = code < 0 ? ~code : code;
      const chained = sweepPlace[up]! < 0;
      above[place] = chained ? above[up]! : sweepPlace[up]!;
      shift_deg[place] = shift_deg[up]!;
      if (chained) {
        r = resistance[up]!;
        x = reactance[up]!;
      }
      if (way < lineCount) {
        r += resistance_pu[way]!;
        x += reactance_pu[way]!;
      } else if (way < firstSwitchBranch) {
        // Seen from `to`, ratio and impedance are carried over to the other side of the ideal ratio.
        const { transformers } = constants;
        const at = way - lineCount;
        const given = transformers.ratio[at]!;
        const shift = transformers.phaseShift_deg[at]!;
        ratio = code >= 0 ? given : 1 / given;
        const scale = code >= 0 ? 1 : ratio * ratio;
        r = resistance_pu[way]! * scale;
        x = reactance_pu[way]! * scale;
        shift_deg[place]! += code >= 0 ? -shift : shift;
      }
    }
    resistance[place] = r;
    reactance[place] = x;
    if (carrier[place] !== place) {
      sweepPlace[place] = -1;
      continue;
    }
    sweepPlace[place] = next;
    tree.parent[next] = above[place]!;
    tree.ratio[next] = ratio;
    tree.resistance[next] = r;
    tree.reactance[next] = x;
    tree.voltageRe[next] = up < 0 ? network.grid.sources[branch[place]!]!.voltage : 0;
    tree.voltageIm[next] = 0;
    placePower(workspace, request, next, node[place]!);
    next += 1;
  }
}

function placePower(
  { constants, tree }: LoadFlowWorkspace,
  { loads, generators, generation, network }: LoadFlowRequest,
  place: number,
  node: number,
): void {
  const { nodeTakes, nodeTakesStart, extras, shares } = constants;
  const { activePower_W, reactivePower_var } = loads;
  let active = 0;
  let reactive = 0;
  let noLoad = 0;
  let shuntReactive = 0;
  const end = nodeTakesStart[node + 1]!;
  for (let entry = nodeTakesStart[node]!; entry < end; entry++) {
    const code = nodeTakes[entry]!;
    if (code >= 0) {
      active += activePower_W[code]! / BASE_POWER_VA;
      reactive += reactivePower_var[code]! / BASE_POWER_VA;
      continue;
    }
    const extra = extras[~code]!;
    noLoad += extra.noLoad_pu;
    shuntReactive += extra.shuntReactive_pu;
    if (extra.generator < 0 || generators !== true) continue;
    const unit = network.grid.generators[extra.generator]!;
    const share = generation === undefined ? 1 : generation[extra.generator]!;
    active -= (share * unit.activePower) / BASE_POWER_VA;
    reactive -= (share * unit.reactivePower) / BASE_POWER_VA;
  }
  tree.active[place] = active;
  tree.reactive[place] = reactive;
  tree.noLoad[place] = noLoad;
  tree.shuntReactive[place] = shuntReactive;
  if (shares !== null) partByVoltage(constants, tree, loads, shares, place, node);
}

/** Of what the loads of a node take, puts apart what follows the voltage. */
function partByVoltage(
  { nodeTakes, nodeTakesStart }: LoadFlowConstants,
  tree: TreeBuffers,
  { activePower_W, reactivePower_var }: LoadState,
  { impedance, current }: LoadShares,
  place: number,
  node: number,
): void {
  let activeByCurrent = 0;
  let reactiveByCurrent = 0;
  let activeByImpedance = 0;
  let reactiveByImpedance = 0;
  for (let entry = nodeTakesStart[node]!; entry < nodeTakesStart[node + 1]!; entry++) {
    const load = nodeTakes[entry]!;
    if (load < 0) continue;
    const active = activePower_W[load]! / BASE_POWER_VA;
    const reactive = reactivePower_var[load]! / BASE_POWER_VA;
    activeByCurrent += current[load]! * active;
    reactiveByCurrent += current[load]! * reactive;
    activeByImpedance += impedance[load]! * active;
    reactiveByImpedance += impedance[load]! * reactive;
  }
  tree.active[place]! -= activeByCurrent + activeByImpedance;
  tree.reactive[place]! -= reactiveByCurrent + reactiveByImpedance;
  tree.activeByCurrent[place] = activeByCurrent;
  tree.reactiveByCurrent[place] = reactiveByCurrent;
  tree.activeByImpedance[place] = activeByImpedance;
  tree.reactiveByImpedance[place] = reactiveByImpedance;
}
