import type { RandomStream } from '@relight/foundation';
import type { FeederKind, Range } from './region-shape.ts';

/** How a node hangs on its parent. */
export type Link = 'line' | 'fuse' | 'recloser' | 'loadBreakSwitch' | 'ringMainSwitch';

/** Which conductor a line gets: the cable out of the station, the trunk's, or one by its load. */
export type Grade = 'exit' | 'trunk' | 'lateral' | 'stub';

/**
 * A feeder as a tree, before ids and conductors: one entry per node, node 0 behind the feeder
 * head, every parent before its children. Places in km.
 */
export interface FeederTree {
  readonly parent: number[];
  readonly link: Link[];
  readonly grade: Grade[];
  readonly length_m: number[];
  readonly x: number[];
  readonly y: number[];
  /** Way from the station along the line. */
  readonly distance_m: number[];
  readonly busbar: boolean[];
  /** Nodes where a tie may end, the end of the trunk first. */
  readonly tieEnds: number[];
  readonly loads: FeederLoad[];
}

export interface FeederLoad {
  readonly node: number;
  /** Share of the feeder's load. */
  readonly share: number;
}

export interface FeederGround {
  readonly kind: FeederKind;
  readonly at: readonly [number, number];
  /** Direction in which the trunk leaves; length 1. */
  readonly heading: readonly [number, number];
}

/** Trunks and laterals wind: what a bird flies, as a share of the line. */
const STRAIGHTNESS = 0.8;

/** Draws a feeder: trunk with its switches, laterals with theirs, places of the transformers. */
export function growFeeder(ground: FeederGround, random: RandomStream): FeederTree {
  const { kind } = ground;
  const tree: FeederTree = {
    parent: [-1],
    link: ['line'],
    grade: ['exit'],
    length_m: [0],
    x: [ground.at[0]],
    y: [ground.at[1]],
    distance_m: [0],
    busbar: [false],
    tieEnds: [],
    loads: [],
  };
  const length_m = 1000 * draw(kind.length_km, random);
  const trunk_m = length_m * draw(kind.trunkShare, random);
  const trunk = growTrunk(tree, ground, trunk_m, random);
  growLaterals(tree, ground, trunk, length_m - trunk_m, random);
  placeLoads(tree, kind, random);
  return tree;
}

export function draw([low, high]: Range, random: RandomStream): number {
  return random.between(low, high);
}

function drawWhole([low, high]: Range, random: RandomStream): number {
  return random.integer(low, high);
}

function addNode(
  tree: FeederTree,
  parent: number,
  link: Link,
  grade: Grade,
  length_m: number,
  heading: readonly [number, number],
): number {
  const way_km = (STRAIGHTNESS * length_m) / 1000;
  tree.parent.push(parent);
  tree.link.push(link);
  tree.grade.push(grade);
  tree.length_m.push(length_m);
  tree.x.push((tree.x[parent] ?? 0) + heading[0] * way_km);
  tree.y.push((tree.y[parent] ?? 0) + heading[1] * way_km);
  tree.distance_m.push((tree.distance_m[parent] ?? 0) + length_m);
  tree.busbar.push(false);
  return tree.parent.length - 1;
}

/** @returns The nodes of the trunk where a lateral may branch off, in order, with their section. */
function growTrunk(
  tree: FeederTree,
  { kind, heading }: FeederGround,
  trunk_m: number,
  random: RandomStream,
): { readonly node: number; readonly section: number }[] {
  const sections = drawWhole(kind.sections, random);
  const borders = Array.from(
    { length: sections - 1 },
    (_, k) => ((k + 1 + random.between(-0.25, 0.25)) / sections) * trunk_m,
  );
  const recloser = kind.cable ? -1 : random.integer(0, 1);
  const nodes: { node: number; section: number }[] = [];
  const bend = random.between(-0.4, 0.4);
  let at = 0;
  let section = 1;
  for (let done_m = 0; done_m < trunk_m;) {
    const step_m = Math.round(kind.span_m * random.between(0.75, 1.25));
    const along = turned(heading, bend * (done_m / trunk_m - 0.5));
    done_m += step_m;
    at = addNode(tree, at, 'line', nodes.length === 0 ? 'exit' : 'trunk', step_m, along);
    nodes.push({ node: at, section });
    if (done_m < (borders[section - 1] ?? Number.POSITIVE_INFINITY)) continue;
    if (done_m >= trunk_m) break;
    if (kind.cable) {
      at = addNode(tree, at, 'ringMainSwitch', 'trunk', 0, along);
      tree.busbar[at] = true;
      nodes.push({ node: at, section });
      at = addNode(tree, at, 'ringMainSwitch', 'trunk', 0, along);
    } else {
      const link = section - 1 === recloser ? 'recloser' : 'loadBreakSwitch';
      at = addNode(tree, at, link, 'trunk', 0, along);
    }
    section++;
  }
  tree.tieEnds.push(at);
  return nodes;
}

function growLaterals(
  tree: FeederTree,
  ground: FeederGround,
  trunk: readonly { readonly node: number; readonly section: number }[],
  left_m: number,
  random: RandomStream,
): void {
  const { kind } = ground;
  let rest_m = left_m;
  let strong = drawWhole(kind.strongLaterals, random);
  const recloserAt = strong;
  const laterals: number[] = [];
  while (rest_m > kind.span_m) {
    const isStrong = strong > 0;
    const wanted_m = 1000 * draw(kind.lateral_km, random) * (isStrong ? 1.6 : 1);
    const length_m = Math.min(rest_m, wanted_m);
    const onTrunk = isStrong || laterals.length === 0 || random.next() < 0.65;
    const foot = onTrunk ? footOnTrunk(trunk, isStrong, random) : pick(laterals, random);
    const heading = sideways(ground.heading, random);
    let at = foot;
    if (isStrong) {
      const link = kind.cable
        ? 'ringMainSwitch'
        : strong === recloserAt
          ? 'recloser'
          : 'loadBreakSwitch';
      at = addNode(tree, at, link, 'trunk', 0, heading);
    } else if (onTrunk && random.next() < kind.fusedShare) {
      at = addNode(tree, at, 'fuse', 'lateral', 0, heading);
    }
    for (let done_m = 0; done_m < length_m;) {
      const step_m = Math.round(kind.span_m * random.between(0.75, 1.25));
      at = addNode(tree, at, 'line', isStrong ? 'trunk' : 'lateral', step_m, heading);
      if (!isStrong) laterals.push(at);
      done_m += step_m;
    }
    if (isStrong) tree.tieEnds.push(at);
    strong -= isStrong ? 1 : 0;
    rest_m -= length_m;
  }
}

/** A strong lateral leaves behind the first switch, so that a tie to it helps the far part. */
function footOnTrunk(
  trunk: readonly { readonly node: number; readonly section: number }[],
  isStrong: boolean,
  random: RandomStream,
): number {
  const places = isStrong ? trunk.filter(({ section }) => section > 1) : trunk.slice(2);
  return pick(places.length > 0 ? places : trunk, random).node;
}

/** Transformers anywhere but on the way out of the station and on busbars. */
function placeLoads(tree: FeederTree, kind: FeederKind, random: RandomStream): void {
  const places: number[] = [];
  tree.parent.forEach((_, node) => {
    if (node > 1 && tree.busbar[node] !== true && tree.link[node] === 'line') places.push(node);
  });
  const weights = Array.from({ length: drawWhole(kind.transformers, random) }, () =>
    random.between(0.4, 1.6),
  );
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const nodes = weights.map(() => pick(places, random)).sort((a, b) => a - b);
  weights.forEach((weight, k) => {
    const pole = nodes[k] ?? 0;
    const node = kind.stubs
      ? addNode(tree, pole, 'line', 'stub', random.integer(8, 30), sideways(UNTURNED, random))
      : pole;
    tree.loads.push({ node, share: weight / all });
  });
}

const UNTURNED = [1, 0] as const;

function pick<Item>(items: readonly Item[], random: RandomStream): Item {
  const item = items[Math.floor(random.next() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** A direction with a part across added to it, of length 1. */
function turned([x, y]: readonly [number, number], across: number): readonly [number, number] {
  const [tx, ty] = [x - y * across, y + x * across];
  const length = Math.sqrt(tx * tx + ty * ty);
  return [tx / length, ty / length];
}

function sideways(
  heading: readonly [number, number],
  random: RandomStream,
): readonly [number, number] {
  const across = random.between(0.7, 3);
  return turned(heading, random.next() < 0.5 ? across : -across);
}
