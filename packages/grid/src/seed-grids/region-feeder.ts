import type { AutomationMode, LoadPriority } from '@relight/contract';
import type { RandomStream } from '@relight/foundation';
import { CONDUCTORS } from './conductors.ts';
import { chooseConductors, REACTIVE_SHARE, type ChosenConductors } from './feeder-conductors.ts';
import { draw, growFeeder, type FeederTree } from './feeder-tree.ts';
import { placeOnMap, type GridDraft, type LocalMap } from './grid-draft.ts';
import type { FeederKind } from './region-shape.ts';

export interface RegionFeeder {
  /** Station or switching station that holds the head. */
  readonly owner: string;
  readonly number: number;
  readonly busNode: string;
  readonly kind: FeederKind;
  readonly area: string;
  readonly at: readonly [number, number];
  readonly heading: readonly [number, number];
  readonly mode: AutomationMode;
  /** Of the loads on it, at most. */
  readonly current_A: number;
  /** Passes the trunk to a switching station at its end. */
  readonly through_A: number;
  readonly dropLimit_pu: number;
  readonly remoteShare: number;
}

/** What others need to know of a feeder that stands. */
export interface BuiltFeeder {
  /** `E01.471`. */
  readonly key: string;
  readonly owner: string;
  readonly number: number;
  readonly busNode: string;
  readonly nominal_kV: number;
  readonly current_A: number;
  readonly drop_pu: number;
  readonly trunk: keyof typeof CONDUCTORS;
  readonly wantedTies: number;
  readonly tieEnds: readonly TieEnd[];
}

export interface TieEnd {
  readonly node: string;
  readonly x: number;
  readonly y: number;
}

/** Some of the places a grid must not leave dark, one drawn for each critical transformer. */
const CRITICAL = ['Bệnh viện', 'Trung tâm Y tế', 'Nhà máy nước', 'Đài Phát thanh'];
const IMPORTANT = ['Trạm bơm', 'Trường học', 'Ủy ban nhân dân', 'Chợ', 'Bến xe'];

/** Draws a feeder and writes it: head, lines, switches, indicators, transformers. */
export function addRegionFeeder(
  draft: GridDraft,
  map: LocalMap,
  feeder: RegionFeeder,
  random: RandomStream,
): BuiltFeeder {
  const { kind, owner, number } = feeder;
  const tree = growFeeder(feeder, random);
  const chosen = chooseConductors(tree, {
    nominal_kV: kind.nominal_kV,
    cable: kind.cable,
    current_A: feeder.current_A,
    through_A: feeder.through_A,
    dropLimit_pu: feeder.dropLimit_pu,
  });
  const key = `${owner}.${number}`;
  const ids = tree.parent.map((_, node) => `${key}.${three(node)}`);
  addHead(draft, feeder, key, ids[0] ?? '', chosen);
  writeNodes(draft, map, feeder, tree, ids);
  writeBranches(draft, feeder, tree, ids, chosen, random);
  writeLoads(draft, feeder, tree, ids, chosen, random);
  const wanted = Math.floor(kind.ties);
  return {
    key,
    owner,
    number,
    busNode: feeder.busNode,
    nominal_kV: kind.nominal_kV,
    current_A: chosen.current_A + feeder.through_A,
    drop_pu: chosen.drop_pu,
    trunk: chosen.trunk,
    wantedTies: wanted + (random.next() < kind.ties - wanted ? 1 : 0),
    tieEnds: tree.tieEnds.map((node) => ({
      node: ids[node] ?? '',
      x: tree.x[node] ?? 0,
      y: tree.y[node] ?? 0,
    })),
  };
}

function addHead(
  draft: GridDraft,
  feeder: RegionFeeder,
  key: string,
  first: string,
  chosen: ChosenConductors,
): void {
  draft.switches.push({
    id: key,
    name: `Máy cắt ${feeder.number} ${feeder.owner}`,
    kind: 'breaker',
    from: feeder.busNode,
    to: first,
    remote: true,
    rated_A: 1250,
    pickup_A: Math.round(1.2 * CONDUCTORS[chosen.exit].rated_A),
    protects: true,
    // On the way back to normal it closes the loop that a tie between two feeders of its station may.
    parallelAllowed: true,
  });
  draft.groundDisconnectors.push({ id: `${key}-76`, node: first, closed: false });
  draft.feeders.push({
    id: `F${key}`,
    name: `Xuất tuyến ${feeder.number} ${feeder.owner} ${feeder.area}`,
    head: key,
    mode: feeder.mode,
  });
}

function writeNodes(
  draft: GridDraft,
  map: LocalMap,
  { kind }: RegionFeeder,
  tree: FeederTree,
  ids: readonly string[],
): void {
  ids.forEach((id, node) => {
    draft.nodes.push({
      id,
      nominalVoltage_kV: kind.nominal_kV,
      busbar: tree.busbar[node] === true,
      ...placeOnMap(map, tree.x[node] ?? 0, tree.y[node] ?? 0),
    });
  });
}

function writeBranches(
  draft: GridDraft,
  feeder: RegionFeeder,
  tree: FeederTree,
  ids: readonly string[],
  chosen: ChosenConductors,
  random: RandomStream,
): void {
  const { owner, number, kind } = feeder;
  const poles = new Map<number, number>();
  /** Nodes right behind a remote switch, which get an indicator on the line that follows. */
  const guarded = new Map<number, string>();
  for (let node = 1; node < ids.length; node++) {
    const link = tree.link[node] ?? 'line';
    const parent = tree.parent[node] ?? 0;
    const [from, to] = [ids[parent] ?? '', ids[node] ?? ''];
    if (link === 'line') {
      const id = `${owner}.${number}.L${three(node)}`;
      const conductor = CONDUCTORS[chosen.ofLine[node] ?? 'AC-50'];
      const length_m = tree.length_m[node] ?? 0;
      draft.lines.push({
        id,
        from,
        to,
        length_m,
        r_ohm: round5((conductor.r_ohm_per_km * length_m) / 1000),
        x_ohm: round5((conductor.x_ohm_per_km * length_m) / 1000),
        rated_A: conductor.rated_A,
        construction: conductor.construction,
      });
      const guard = guarded.get(parent);
      if (guard === undefined) continue;
      guarded.delete(parent);
      draft.faultIndicators.push({ id: `FI.${guard}`, node: from, line: id, remote: true });
      continue;
    }
    const counted = Math.floor((tree.distance_m[node] ?? 0) / 50) + 1;
    // 471-76 is the earthing switch of feeder 471.
    const pole = counted === 76 ? 77 : counted;
    const again = poles.get(pole) ?? 0;
    poles.set(pole, again + 1);
    const place = again === 0 ? `${pole}` : `${pole}-${again + 1}`;
    const id = `${owner}.${number}-${place}`;
    const name = `${number} ${owner}/${place.replace('-', '/')}`;
    if (link === 'fuse') {
      draft.switches.push({ id, name: `FCO ${name}`, kind: 'fuse', from, to, rated_A: 200 });
      continue;
    }
    const recloser = link === 'recloser';
    const remote = random.next() < feeder.remoteShare;
    const what = recloser ? 'REC' : kind.cable ? 'RMU' : 'LBS';
    draft.switches.push({
      id,
      name: `${what} ${name}`,
      kind: recloser ? 'recloser' : 'loadBreakSwitch',
      from,
      to,
      remote,
      rated_A: 630,
      ...(recloser ? { pickup_A: Math.round(1.15 * CONDUCTORS[chosen.exit].rated_A) } : {}),
      protects: recloser,
      faultIndicator: remote,
      parallelAllowed: true,
    });
    if (remote) guarded.set(node, id);
  }
}

function writeLoads(
  draft: GridDraft,
  feeder: RegionFeeder,
  tree: FeederTree,
  ids: readonly string[],
  chosen: ChosenConductors,
  random: RandomStream,
): void {
  const { kind, owner, number, area } = feeder;
  const apparent_kVA = Math.sqrt(3) * kind.nominal_kV * chosen.current_A;
  const active_kW = apparent_kVA / Math.sqrt(1 + REACTIVE_SHARE * REACTIVE_SHARE);
  const customers = draw(kind.customers, random);
  tree.loads.forEach(({ node, share }, k) => {
    const p_kW = Math.max(1, Math.round(active_kW * share));
    const chance = random.next();
    const priority: LoadPriority =
      chance < 0.015 ? 'critical' : chance < 0.06 ? 'important' : 'normal';
    const special =
      priority === 'critical' ? CRITICAL : priority === 'important' ? IMPORTANT : null;
    const what = special === null ? '' : `${special[random.integer(0, special.length - 1)] ?? ''} `;
    draft.loads.push({
      id: `TBA-${owner}.${number}.${three(k + 1)}`,
      name: `TBA ${what}${area} ${number}/${k + 1}`,
      node: ids[node] ?? '',
      p_kW,
      q_kvar: Math.round(p_kW * REACTIVE_SHARE),
      customers: special === null ? Math.max(1, Math.round(customers * share)) : 1,
      priority,
    });
  });
}

function three(n: number): string {
  return String(n).padStart(3, '0');
}

function round5(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
