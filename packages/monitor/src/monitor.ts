import type { Bilingual, GridFile, Position, Quality } from '@relight/contract';
import type { HeldPart } from './fault-ledger.ts';
import { jointInTheWay } from './phase-order.ts';
import {
  becauseOfDevice,
  becauseOfEnergising,
  becauseOfParallel,
  becauseOfTrial,
} from './reasons.ts';

/** A switch position as the gateway reported it, and how long ago. */
export interface ReportedPosition {
  /** null: never read. */
  readonly position: Position | null;
  readonly quality: Quality;
  readonly age_ms: number;
}

/** What the monitor is asked about one order, from the raw readings. */
export interface OrderToJudge {
  /** By switch id. A remote switch that is missing counts as unknown. */
  readonly positions: ReadonlyMap<string, ReportedPosition>;
  /** Ids of lines, transformers, nodes or switches that hold a fault, or may. */
  readonly faulted: readonly string[];
  /** Of faulted nodes: who keeps them dead, for the words of a refusal only. Absent: not told. */
  readonly keepers?: readonly HeldPart[];
  /** Ids of earthed nodes, or of ground disconnectors that are closed. */
  readonly earthed: readonly string[];
  /**
   * What carries a tag or a crew: a line, transformer or node may not be energised; a switch may
   * not be operated.
   */
  readonly tagged: readonly string[];
  /**
   * People work on it live: a line, transformer or node may not be energised again once it is dead,
   * nor get another way of supply; a switch may not be closed. Absent: nowhere.
   */
  readonly hotLine?: readonly string[];
  /**
   * Nodes of sections in which conductors were joined and nobody has confirmed the phase order: no
   * parallel through them, and no tie that feeds them or is fed through them. Absent: nowhere.
   */
  readonly phaseUnconfirmed?: readonly string[];
  /** Normal positions that two people adopted, by switch: which switches are ties. Absent: the file's. */
  readonly normal?: ReadonlyMap<string, 'open' | 'closed'>;
  /**
   * Where crews say that switches without a reading of their own stand; `doubtful`: nobody has
   * confirmed it for too long. Absent: as in the file.
   */
  readonly entered?: ReadonlyMap<string, 'open' | 'closed' | 'doubtful'>;
  /** An emergency open of a breaker or recloser: neither a tag nor a stale position speaks against it. */
  readonly emergency?: boolean;
  readonly order: { readonly equipment: string; readonly operation: 'open' | 'close' };
  /**
   * The order says that it makes a permitted parallel: then the monitor looks for itself whether
   * this switch may. False: no parallel at all.
   */
  readonly allowParallel: boolean;
  /**
   * The order is the one close of a trial that a person has declared on record: ids that may hold
   * the fault and are energised on purpose. Absent: there is no such permission.
   */
  readonly trial?: readonly string[];
}

export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reasons: readonly Bilingual[] };

export interface MonitorOptions {
  /** A reading older than this is no reading, ms. Default 10,000. */
  readonly oldestReading_ms?: number;
}

/**
 * The second opinion before each write (design: command safety). It shares no code with what it
 * judges, knows the grid file and the raw readings only, searches by itself, and only says no.
 *
 * For a close it draws every connection that could exist: a switch is left out only where it is
 * known to be open by a good, fresh reading. A switch without remote control sends no readings
 * and stands as a crew or else the file says. Then nothing faulted, earthed or tagged may hang
 * together with a source or generator through the new connection (what surely is live already is
 * not energised by it), the two sides may not both have a source, and
 * they may not hang together already, unless the order says that it makes a permitted parallel
 * and the grid file permits it at this switch: one source or one angle group, one phase shift.
 */
export interface Monitor {
  judgeOrder(input: OrderToJudge): Verdict;
}

/** A way from one node to another; `via` is the switch it leads through, null for a line or transformer. */
interface Way {
  readonly to: string;
  readonly via: string | null;
  /** What a transformer adds to the angle on this way. */
  readonly shift_deg: number;
}

type SwitchFile = NonNullable<GridFile['switches']>[number];

const DEFAULT_OLDEST_READING_MS = 10_000;

/** Draws the grid once; each judgement then costs no more than the parts it has to search. */
export function createMonitor(grid: GridFile, options: MonitorOptions = {}): Monitor {
  const oldestReading_ms = options.oldestReading_ms ?? DEFAULT_OLDEST_READING_MS;
  const ways = drawWays(grid);
  const nodesOf = placeEquipment(grid);
  const switches = new Map((grid.switches ?? []).map((each) => [each.id, each]));
  const sources = new Set(grid.sources.map((source) => source.node));
  const generators = new Set((grid.generators ?? []).map((unit) => unit.node));
  for (const unit of grid.generators ?? []) if (unit.canIsland === true) sources.add(unit.node);

  const isUsable = (reading: ReportedPosition | undefined): reading is ReportedPosition =>
    reading !== undefined && reading.quality === 'good' && reading.age_ms <= oldestReading_ms;

  /** Of a switch that sends no readings. */
  const standsClosed = (
    id: string,
    entered: OrderToJudge['entered'],
    ifDoubtful: boolean,
  ): boolean => {
    const word = entered?.get(id);
    if (word === 'doubtful') return ifDoubtful;
    return word === undefined ? switches.get(id)?.normallyOpen !== true : word === 'closed';
  };

  const mayBeClosed = (id: string, { positions, entered }: OrderToJudge): boolean => {
    const reading = positions.get(id);
    const each = switches.get(id);
    const reports = each?.remote === true || reading !== undefined;
    if (!reports) return standsClosed(id, entered, true);
    return !(isUsable(reading) && reading.position === 'open');
  };

  /** Every node that may hang together with `start` without the switch that is to be closed. */
  const partOf = (start: string, without: string, input: OrderToJudge): ReadonlySet<string> => {
    const part = new Set([start]);
    for (const node of part) {
      for (const { to, via } of ways.get(node) ?? []) {
        if (via === without) continue;
        if (via === null || mayBeClosed(via, input)) part.add(to);
      }
    }
    return part;
  };

  /** Nodes that hang on a source of the grid by switches known to be closed: live whatever comes. */
  const surelyLive = (input: OrderToJudge): ReadonlySet<string> => {
    const isClosed = (id: string): boolean => {
      const reading = input.positions.get(id);
      if (reading === undefined && switches.get(id)?.remote !== true) {
        return standsClosed(id, input.entered, false);
      }
      return isUsable(reading) && reading.position === 'closed';
    };
    const live = new Set(grid.sources.map((source) => source.node));
    for (const node of live) {
      for (const { to, via } of ways.get(node) ?? []) {
        if (via !== input.order.equipment && (via === null || isClosed(via))) live.add(to);
      }
    }
    return live;
  };

  const objectionsToDevice = (input: OrderToJudge): Bilingual[] => {
    const { equipment } = input.order;
    if (!switches.has(equipment)) return [becauseOfDevice.noSuchSwitch(equipment)];
    const reasons: Bilingual[] = [];
    const { kind } = switches.get(equipment) ?? {};
    const breaksFaults = kind === 'breaker' || kind === 'recloser';
    if (input.emergency === true && input.order.operation === 'open' && breaksFaults) return [];
    const reading = input.positions.get(equipment);
    if (!isUsable(reading)) reasons.push(becauseOfDevice.unknownPosition(equipment));
    else if (reading.position !== 'open' && reading.position !== 'closed') {
      reasons.push(becauseOfDevice.inBetween(equipment));
    }
    if (input.tagged.includes(equipment)) reasons.push(becauseOfDevice.tagged(equipment));
    if (input.order.operation === 'close' && input.hotLine?.includes(equipment) === true) {
      reasons.push(becauseOfDevice.hotLine(equipment));
    }
    return reasons;
  };

  /**
   * @param isParallel - Both sides have a supply already: then what a crew or an earth holds counts
   *   even where it looks live, for people or an earth on a live part mean that the picture is wrong.
   */
  const objectionsToEnergising = (
    input: OrderToJudge,
    joined: readonly string[],
    isParallel: boolean,
  ): Bilingual[] => {
    const isSupplied = joined.some((node) => sources.has(node) || generators.has(node));
    const inReach = new Set(joined);
    const reasons: Bilingual[] = [];
    const hotLine = input.hotLine ?? [];
    const holds = input.earthed.length + input.tagged.length + hotLine.length > 0;
    const alreadyLive = holds ? surelyLive(input) : new Set<string>();
    const isNear = (id: string, live: ReadonlySet<string> = new Set()): boolean =>
      nodesOf.get(id)?.some((node) => inReach.has(node) && !live.has(node)) === true;
    const judge = (
      ids: readonly string[],
      because: (first: string, more: number) => Bilingual,
      live: ReadonlySet<string> = alreadyLive,
    ): void => {
      const touched = ids.filter((id) => isNear(id, live));
      const [first] = touched;
      if (isSupplied && first !== undefined) reasons.push(because(first, touched.length - 1));
    };
    const tried = new Set(input.trial);
    const faulted = input.faulted.filter((id) => !tried.has(id));
    const heldDead = isParallel ? new Set<string>() : alreadyLive;
    const because = whyFaulted(input.keepers ?? [], (id) => !tried.has(id) && isNear(id));
    judge(faulted, because ?? becauseOfEnergising.faulted, new Set());
    judge(input.earthed, becauseOfEnergising.earthed, heldDead);
    judge(
      input.tagged.filter((id) => !switches.has(id)),
      becauseOfEnergising.tagged,
      heldDead,
    );
    judge(
      hotLine.filter((id) => !switches.has(id)),
      becauseOfEnergising.hotLine,
    );
    const strangers = [...input.faulted, ...input.earthed, ...input.tagged, ...hotLine].filter(
      (id) => !nodesOf.has(id),
    );
    if (strangers.length > 0) reasons.push(becauseOfEnergising.notInGrid(strangers));
    return reasons;
  };

  /** Only a breaker or recloser tries a part, and never a cable, or what may be one. */
  const objectionsToTrial = (
    each: SwitchFile,
    joined: readonly string[],
    trial: readonly string[],
  ): Bilingual[] => {
    const reasons: Bilingual[] = [];
    if (each.kind !== 'breaker' && each.kind !== 'recloser') {
      reasons.push(becauseOfTrial.device(each.id));
    }
    const inReach = new Set(joined);
    const tried = new Set(trial.flatMap((id) => nodesOf.get(id) ?? []));
    const cable = (grid.lines ?? []).find(
      ({ from, construction }) =>
        inReach.has(from) && tried.has(from) && construction !== 'overhead',
    );
    if (cable !== undefined) reasons.push(becauseOfTrial.cable(each.id, cable.id));
    return reasons;
  };

  /**
   * Both ends take the same angle when the switch closes: from there on every node and source in
   * reach must come out at one angle, whichever way it is reached.
   */
  const objectionsToParallel = (input: OrderToJudge, each: SwitchFile): Bilingual[] => {
    if (each.parallelAllowed !== true) return [becauseOfParallel.notHere(each.id)];
    const angles = new Map([
      [each.from, 0],
      [each.to, 0],
    ]);
    for (const [node, angle] of angles) {
      for (const { to, via, shift_deg } of ways.get(node) ?? []) {
        if (via === each.id || (via !== null && !mayBeClosed(via, input))) continue;
        const there = (((angle + shift_deg) % 360) + 360) % 360;
        const known = angles.get(to);
        if (known === undefined) angles.set(to, there);
        else if (known !== there) return [becauseOfParallel.phaseShift(each.id)];
      }
    }
    const feeding = grid.sources.filter((source) => angles.has(source.node));
    const islands = (grid.generators ?? []).some(
      (unit) => unit.canIsland === true && angles.has(unit.node),
    );
    const groupOf = (source: GridFile['sources'][number]): string =>
      source.angleGroup === undefined ? `one/${source.id}` : `group/${source.angleGroup}`;
    if (islands || new Set(feeding.map(groupOf)).size > 1) {
      return [becauseOfParallel.twoSources(each.id)];
    }
    return new Set(feeding.map((source) => angles.get(source.node))).size > 1
      ? [becauseOfParallel.phaseShift(each.id)]
      : [];
  };

  /** Each section of unconfirmed phase order once, as far as the grid has it. */
  const jointsOf = ({ phaseUnconfirmed = [] }: OrderToJudge): readonly ReadonlySet<string>[] => {
    const joints: ReadonlySet<string>[] = [];
    for (const start of phaseUnconfirmed) {
      if (joints.some((joint) => joint.has(start))) continue;
      const joint = new Set([start]);
      for (const node of joint) {
        for (const { to, via } of ways.get(node) ?? []) if (via === null) joint.add(to);
      }
      joints.push(joint);
    }
    return joints;
  };

  const objectionsToPhases = (input: OrderToJudge, each: SwitchFile): Bilingual[] => {
    const joints = jointsOf(input);
    if (joints.length === 0) return [];
    const closed = (id: string): boolean => id === each.id || mayBeClosed(id, input);
    const joint = jointInTheWay({
      joints,
      ends: [each.from, each.to],
      order: each.id,
      ties: [...switches.values()].filter(
        ({ id, normallyOpen }) =>
          (input.normal?.get(id) ?? (normallyOpen === true ? 'open' : 'closed')) === 'open' &&
          closed(id),
      ),
      sources,
      neighbours: (node) => (ways.get(node) ?? []).filter(({ via }) => via === null || closed(via)),
    });
    return joint === null ? [] : [becauseOfParallel.phaseOrder(each.id, joint)];
  };

  return {
    judgeOrder(input) {
      const reasons = objectionsToDevice(input);
      const each = switches.get(input.order.equipment);
      if (each !== undefined && input.order.operation === 'close') {
        const near = partOf(each.from, each.id, input);
        const far = partOf(each.to, each.id, input);
        const hasSource = (part: ReadonlySet<string>): boolean =>
          [...sources].some((node) => part.has(node));
        const isLoop = near.has(each.to);
        const isParallel = isLoop || (hasSource(near) && hasSource(far));
        reasons.push(...objectionsToEnergising(input, [...near, ...far], isParallel));
        if (input.trial !== undefined) {
          reasons.push(...objectionsToTrial(each, [...near, ...far], input.trial));
        }
        reasons.push(...objectionsToPhases(input, each));
        if (isParallel) {
          const disturbed = (input.hotLine ?? []).find((id) =>
            nodesOf.get(id)?.some((node) => near.has(node) || far.has(node)),
          );
          if (disturbed !== undefined) reasons.push(becauseOfParallel.hotLine(each.id, disturbed));
          if (input.allowParallel) reasons.push(...objectionsToParallel(input, each));
          else if (isLoop) reasons.push(becauseOfParallel.loop(each.id));
          else reasons.push(becauseOfParallel.twoSources(each.id));
        }
      }
      return reasons.length === 0 ? { ok: true } : { ok: false, reasons };
    },
  };
}

/** Names the sections in reach and who keeps them dead; null where nobody told. */
function whyFaulted(
  keepers: readonly HeldPart[],
  isNear: (node: string) => boolean,
): (() => Bilingual) | null {
  const [first, ...rest] = keepers.filter(({ nodes }) => nodes.some((node) => isNear(node)));
  return first === undefined ? null : () => becauseOfEnergising.kept(first, rest.length);
}

function drawWays(grid: GridFile): ReadonlyMap<string, readonly Way[]> {
  const ways = new Map<string, Way[]>(grid.nodes.map((node) => [node.id, []]));
  const join = (from: string, to: string, via: string | null, shift_deg = 0): void => {
    ways.get(from)?.push({ to, via, shift_deg });
    ways.get(to)?.push({ to: from, via, shift_deg: -shift_deg });
  };
  for (const line of grid.lines ?? []) join(line.from, line.to, null);
  for (const { from, to, phaseShift_deg } of grid.transformers ?? []) {
    join(from, to, null, phaseShift_deg);
  }
  for (const each of grid.switches ?? []) join(each.from, each.to, each.id);
  return ways;
}

/** The nodes that are live when a piece of equipment is. */
function placeEquipment(grid: GridFile): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, readonly string[]>();
  for (const node of grid.nodes) places.set(node.id, [node.id]);
  const branches = [...(grid.lines ?? []), ...(grid.transformers ?? []), ...(grid.switches ?? [])];
  for (const branch of branches) places.set(branch.id, [branch.from, branch.to]);
  const atOneNode = [...grid.sources, ...(grid.loads ?? []), ...(grid.groundDisconnectors ?? [])];
  for (const each of atOneNode) places.set(each.id, [each.node]);
  return places;
}
