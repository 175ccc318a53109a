import type { Grid } from '@relight/grid';

/** The equipment one RTU looks after, by ids in order. */
export interface RtuLayout {
  readonly id: string;
  /** A station's RTU speaks OPC UA, a field device's Modbus TCP. */
  readonly protocol: 'opcua' | 'modbus-tcp';
  readonly substation: string | null;
  readonly switches: readonly string[];
  readonly poleIndicators: readonly string[];
  readonly busbars: readonly string[];
  readonly transformers: readonly string[];
}

/** A field RTU has room for so many pole indicators beside its switch; see `register-map.ts`. */
export const MOST_POLE_INDICATORS = 7;

/**
 * Which RTU reports what: one per substation, one per remote switch in the field, which also
 * listens to the remote pole indicators next to it. A pole indicator out of reach of any has an
 * RTU of its own. What is not remote has none.
 */
export function layOutRtus(grid: Grid): readonly RtuLayout[] {
  const stationOf = (node: number): string | null => grid.connectivityNodes[node]!.substation;
  const stations = new Map<string, MutableLayout>();
  for (const { id } of grid.substations) stations.set(id, emptyLayout(`RTU-${id}`, id));
  const fields = new Map<string, MutableLayout>();

  for (const each of grid.switches) {
    if (!each.remote) continue;
    const station = stations.get(stationOf(each.from) ?? stationOf(each.to) ?? '');
    if (station !== undefined) station.switches.push(each.id);
    else fields.set(each.id, { ...emptyLayout(`RTU-${each.id}`, null), switches: [each.id] });
  }
  for (const node of grid.connectivityNodes) {
    if (node.busbar) stations.get(node.substation ?? '')?.busbars.push(node.id);
  }
  for (const transformer of grid.transformers) {
    const station = stationOf(transformer.to) ?? stationOf(transformer.from) ?? '';
    stations.get(station)?.transformers.push(transformer.id);
  }
  const atStation = new Map<string, MutableLayout>();
  for (const rtu of stations.values()) for (const id of rtu.switches) atStation.set(id, rtu);
  const neighbourhood = mapNeighbourhood(grid);
  for (const indicator of grid.faultIndicators) {
    if (!indicator.remote) continue;
    const nearest = nearestRemoteSwitch(neighbourhood, indicator.node) ?? '';
    const near = atStation.get(nearest) ?? fields.get(nearest);
    if (near !== undefined && near.poleIndicators.length < MOST_POLE_INDICATORS) {
      near.poleIndicators.push(indicator.id);
    } else {
      const own = { ...emptyLayout(`RTU-${indicator.id}`, null), poleIndicators: [indicator.id] };
      fields.set(indicator.id, own);
    }
  }
  const inUse = [...stations.values()].filter(
    (rtu) => rtu.switches.length + rtu.busbars.length + rtu.transformers.length > 0,
  );
  return [...inUse, ...[...fields.values()].sort((a, b) => (a.id < b.id ? -1 : 1))];
}

type MutableLayout = { -readonly [Key in keyof RtuLayout]: RtuLayout[Key] } & {
  switches: string[];
  poleIndicators: string[];
  busbars: string[];
  transformers: string[];
};

function emptyLayout(id: string, substation: string | null): MutableLayout {
  return {
    id,
    protocol: substation === null ? 'modbus-tcp' : 'opcua',
    substation,
    switches: [],
    poleIndicators: [],
    busbars: [],
    transformers: [],
  };
}

interface Neighbourhood {
  /** Nodes at the other ends of a node's lines. */
  readonly lines: ReadonlyMap<number, readonly number[]>;
  /** The first remote switch by id at a node. */
  readonly remoteSwitch: ReadonlyMap<number, string>;
}

function mapNeighbourhood(grid: Grid): Neighbourhood {
  const lines = new Map<number, number[]>();
  const join = (node: number, other: number): void => {
    const known = lines.get(node);
    if (known === undefined) lines.set(node, [other]);
    else known.push(other);
  };
  for (const { from, to } of grid.lines) {
    join(from, to);
    join(to, from);
  }
  const remoteSwitch = new Map<number, string>();
  for (const { id, remote, from, to } of grid.switches) {
    if (!remote) continue;
    for (const node of [from, to]) if (!remoteSwitch.has(node)) remoteSwitch.set(node, id);
  }
  return { lines, remoteSwitch };
}

/** Breadth first along the lines of the section; of equally near ones the first by id. */
function nearestRemoteSwitch(neighbourhood: Neighbourhood, start: number): string | null {
  const seen = new Set([start]);
  let ring = [start];
  while (ring.length > 0) {
    const touching = ring.flatMap((node) => neighbourhood.remoteSwitch.get(node) ?? []).sort();
    if (touching[0] !== undefined) return touching[0];
    const next: number[] = [];
    for (const node of ring) {
      for (const other of neighbourhood.lines.get(node) ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        next.push(other);
      }
    }
    ring = next;
  }
  return null;
}
