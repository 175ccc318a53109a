import type { Delta, GridFile, MeasurementView, Snapshot, SwitchView } from '@relight/contract';
import { buildModel, REGION_NAMES, regionFile } from '@relight/grid';
import { compileNetwork } from '@relight/topology';
import { findGridFile, readText } from '../../read-grid.ts';

/** What the console draws in a bench, and the changes it is sent. */
export interface BigScene {
  readonly file: GridFile;
  readonly snapshot: Snapshot;
  /** As many changed points, different ones each turn: measurements, positions and sections. */
  readonly change: (turn: number, points: number) => Changes;
}

export type Changes = Pick<Delta, 'measurements' | 'switches' | 'sections' | 'events'>;

const EVENTS = 20_000;
const START_MS = Date.UTC(2026, 10, 13, 19, 0, 0);

function symbolsOf(file: GridFile, within: (node: string) => boolean): number {
  const onNode = [
    file.loads,
    file.sources,
    file.groundDisconnectors,
    file.generators,
    file.faultIndicators,
  ].reduce((sum, list) => sum + (list ?? []).filter(({ node }) => within(node)).length, 0);
  return [file.switches, file.transformers].reduce(
    (sum, list) => sum + (list ?? []).filter(({ from }) => within(from)).length,
    onNode,
  );
}

/**
 * The first trees of a region, until they hold at least so many lines and so many symbols.
 * Branches that leave them, all normally open, are left out.
 */
function cutToSize(file: GridFile, lines: number, symbols: number): GridFile {
  const around = new Map<string, string[]>();
  const join = (from: string, to: string): void => {
    (around.get(from) ?? around.set(from, []).get(from))?.push(to);
    (around.get(to) ?? around.set(to, []).get(to))?.push(from);
  };
  for (const { from, to } of file.lines ?? []) join(from, to);
  for (const { from, to } of file.transformers ?? []) join(from, to);
  for (const { from, to, normallyOpen } of file.switches ?? [])
    if (normallyOpen !== true) join(from, to);
  const kept = new Set<string>();
  const within = (node: string): boolean => kept.has(node);
  for (const source of file.sources) {
    const enough =
      (file.lines ?? []).filter(({ from }) => within(from)).length >= lines &&
      symbolsOf(file, within) >= symbols;
    if (enough) break;
    const queue = [source.node];
    kept.add(source.node);
    for (const node of queue)
      for (const next of around.get(node) ?? [])
        if (!kept.has(next)) {
          kept.add(next);
          queue.push(next);
        }
  }
  const on = <T extends { readonly node: string }>(list: readonly T[] | undefined): T[] =>
    (list ?? []).filter(({ node }) => within(node));
  const between = <T extends { readonly from: string; readonly to: string }>(
    list: readonly T[] | undefined,
  ): T[] => (list ?? []).filter(({ from, to }) => within(from) && within(to));
  const switches = between(file.switches);
  const ids = new Set(switches.map(({ id }) => id));
  return {
    ...file,
    nodes: file.nodes.filter(({ id }) => within(id)),
    sources: on(file.sources),
    lines: between(file.lines),
    switches,
    transformers: between(file.transformers),
    faultIndicators: on(file.faultIndicators),
    groundDisconnectors: on(file.groundDisconnectors),
    loads: on(file.loads),
    shunts: on(file.shunts),
    generators: on(file.generators),
    feeders: (file.feeders ?? []).filter(({ head }) => ids.has(head)),
  };
}

/** A grid by name: of a generated region as many trees as the size asks for, another one whole. */
export function bigScene(
  name: string,
  seed: number,
  size: { readonly lines: number; readonly symbols: number },
): BigScene {
  const region = REGION_NAMES.includes(name) ? regionFile(name, seed) : null;
  const file =
    region === null
      ? (JSON.parse(readText(findGridFile(name))) as GridFile)
      : cutToSize(region, size.lines, size.symbols);
  const network = compileNetwork(buildModel(file));
  const feederOf = new Map(
    file.feeders?.flatMap(({ id, head }) => {
      const at = network.index.switch.get(head);
      const section = at === undefined ? undefined : network.switchSectionTo[at];
      return section === undefined ? [] : [[section, id] as const];
    }),
  );
  const customersAt = new Map<string, number>();
  for (const { node, customers } of file.loads ?? [])
    customersAt.set(node, (customersAt.get(node) ?? 0) + (customers ?? 0));

  const sections = Array.from(
    { length: network.sectionCount },
    (_, s): Snapshot['sections'][number] => {
      const members = network.sectionNodes.slice(
        network.sectionStart[s],
        network.sectionStart[s + 1],
      );
      const nodes = [...members].map((n) => file.nodes[n]?.id ?? '');
      const feeder = feederOf.get(s) ?? null;
      return {
        id: nodes[0] ?? String(s),
        name: `S${s}`,
        nodes,
        lines: [],
        customers: nodes.reduce((sum, node) => sum + (customersAt.get(node) ?? 0), 0),
        p_kW: 0,
        normalFeeder: feeder,
        state: 'live',
        feeder,
        share: null,
        deadSince_ms: null,
        restoredAt_ms: null,
        inLoop: false,
      };
    },
  );
  const switches = (file.switches ?? []).map(({ id, normallyOpen }): SwitchView => ({
    id,
    position: normallyOpen === true ? 'open' : 'closed',
    quality: 'good',
    sourceTime_ms: START_MS,
    normal: true,
    reclosing: null,
    lockout: false,
    faultIndicator: null,
    local: false,
    commandId: null,
  }));
  const measurements = switches.flatMap(({ id }) =>
    (['current_A', 'activePower_kW', 'reactivePower_kvar'] as const).map(
      (signal): MeasurementView => ({
        id: `${id}.${signal}`,
        equipment: id,
        signal,
        value: 100,
        quality: 'good',
        sourceTime_ms: START_MS,
      }),
    ),
  );
  const event = (sequence: number): Snapshot['events'][number] => ({
    id: `e${sequence}`,
    sequence,
    sourceTime_ms: START_MS + sequence,
    receiveTime_ms: START_MS + sequence + 40,
    equipment: switches[sequence % switches.length]?.id ?? '',
    text: { vi: 'Dao cách ly đã mở', en: 'Switch opened' },
    quality: 'good',
  });
  const customers = sections.reduce((sum, section) => sum + section.customers, 0);
  const snapshot: Snapshot = {
    type: 'snapshot',
    protocol: 1,
    sequence: 0,
    serverTime_ms: START_MS,
    grid: file.id,
    user: 'bench',
    simulation: false,
    switches,
    measurements,
    sections,
    feeders: (file.feeders ?? []).map((feeder) => ({
      id: feeder.id,
      name: feeder.name ?? feeder.id,
      head: feeder.head,
      mode: feeder.mode ?? 'advisory',
      outOfAutomatic: null,
      customers: 0,
      customersOut: 0,
      current_A: 100,
    })),
    incidents: [],
    alarms: [],
    events: Array.from({ length: EVENTS }, (_, i) => event(i)),
    commands: [],
    tags: [],
    earths: [],
    approvals: [],
    sheddingLists: [],
    modes: [],
    links: [],
    summary: {
      customers,
      customersOut: 0,
      incidentsOpen: 0,
      rtus: switches.length,
      rtusUp: switches.length,
      automation: 'advisory',
    },
  };

  /** The next so many of a list, round and round. */
  const take = <T>(list: readonly T[], turn: number, count: number): T[] =>
    Array.from({ length: Math.min(count, list.length) }, (_, i) => {
      const item = list[(turn * count + i) % list.length];
      if (item === undefined) throw new Error('an empty list has no next');
      return item;
    });
  return {
    file,
    snapshot,
    change: (turn, points) => {
      const at_ms = START_MS + turn * 1_000;
      const open = turn % 2 === 0;
      return {
        measurements: take(measurements, turn, Math.ceil(points * 0.8)).map((m, i) => ({
          ...m,
          value: 100 + ((turn * 7 + i) % 50),
          sourceTime_ms: at_ms,
        })),
        switches: take(switches, turn, Math.ceil(points * 0.15)).map((s) => ({
          ...s,
          position: open ? 'open' : 'closed',
          normal: !open,
          sourceTime_ms: at_ms,
        })),
        sections: take(sections, turn, Math.ceil(points * 0.05)).map((s) => ({
          ...s,
          state: open ? 'dead' : 'live',
          deadSince_ms: open ? at_ms : null,
        })),
        events: [event(EVENTS + turn)],
      };
    },
  };
}
