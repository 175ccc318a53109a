import type { GridFile } from '@relight/contract';
import { cosine } from '@relight/foundation';
import type { DiagramPath, PlacedSymbol, DiagramText, NetworkDiagram } from './diagram.ts';
import { kindWord, shortLabel } from './labels.ts';
import { byId } from './normal-tree.ts';

/** A place in the picture, its own units. */
export type MapPlace = readonly [x: number, y: number];

export interface MapLayout {
  readonly diagram: NetworkDiagram;
  /** Where each node lies that has a place. */
  readonly places: ReadonlyMap<string, MapPlace>;
  /** Metres of ground that one unit stands for. */
  readonly metrePerUnit: number;
}

/** Ground that one CSS pixel shows at working zoom. */
const METRE_PER_UNIT = 4;
const METRE_PER_DEGREE = 111_195;
const RADIAN_PER_DEGREE = 0.017_453_292_519_943_295;
const MARGIN = 60;
/** From a station to the symbol of a feeder's head, and from a line to what hangs on it. */
const HEAD = 44;
/** From a station up to its name. */
const NAME = 62;
const DROP = 13;
const BAR = 12;

const between = (a: MapPlace, b: MapPlace): MapPlace => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** So far from one place towards another, but never past its middle. */
function towards(from: MapPlace, to: MapPlace, reach: number): MapPlace {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.sqrt(dx * dx + dy * dy);
  if (length === 0) return [from[0], from[1] + reach];
  const share = Math.min(0.5, reach / length);
  return [from[0] + dx * share, from[1] + dy * share];
}

/** East and north in a plane that touches the middle of the grid; good to 0.1 % over 100 km. */
function placesOf(file: GridFile): {
  readonly places: ReadonlyMap<string, MapPlace>;
  readonly width: number;
  readonly height: number;
} {
  const stations = new Map((file.substations ?? []).map((s) => [s.id, s]));
  const known = [...file.nodes].sort(byId).flatMap((node): [string, number, number][] => {
    const station = stations.get(node.substation ?? '');
    const [lon, lat] = [node.lon ?? station?.lon, node.lat ?? station?.lat];
    return lon === undefined || lat === undefined ? [] : [[node.id, lon, lat]];
  });
  if (known.length === 0) return { places: new Map(), width: 0, height: 0 };
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [, lon, lat] of known) {
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  const perLat = METRE_PER_DEGREE / METRE_PER_UNIT;
  const perLon = perLat * cosine(((south + north) / 2) * RADIAN_PER_DEGREE);
  return {
    places: new Map(
      known.map(([id, lon, lat]) => [
        id,
        [(lon - west) * perLon + MARGIN, (north - lat) * perLat + MARGIN],
      ]),
    ),
    width: (east - west) * perLon + 2 * MARGIN,
    height: (north - south) * perLat + 2 * MARGIN,
  };
}

const NO_NEIGHBOUR = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/**
 * The network where it stands, north up: lines straight between their nodes, a station as one bar
 * with the heads of its feeders around it, inside of stations left out. Like the schematic it comes
 * from the grid file alone. What has no place on either end is not drawn. Cost: near linear.
 * @returns null where no node and no station has a place.
 */
export function layoutMap(file: GridFile): MapLayout | null {
  const { places, width, height } = placesOf(file);
  if (places.size === 0) return null;
  const paths: DiagramPath[] = [];
  const symbols: PlacedSymbol[] = [];
  const texts: DiagramText[] = [];
  const voltage = new Map(file.nodes.map((n) => [n.id, n.nominalVoltage_kV]));
  const stationOf = new Map(file.nodes.map((n) => [n.id, n.substation]));
  const heads = new Map((file.feeders ?? []).map((f) => [f.head, f]));
  const lineAt = new Map<string, string>();
  const path = (
    kind: DiagramPath['kind'],
    id: string,
    node: string,
    ...points: readonly MapPlace[]
  ): void => {
    const nominalVoltage_kV = voltage.get(node) ?? 0;
    const lateral = kind === 'wire';
    paths.push({ id, kind, node, nominalVoltage_kV, lateral, points: points.flat() });
  };

  for (const { id, from, to } of [...(file.lines ?? [])].sort(byId)) {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) continue;
    path('line', id, from, a, b);
    for (const [node, other] of [
      [from, to],
      [to, from],
    ] as const)
      if (!lineAt.has(node)) lineAt.set(node, other);
  }
  const diagramHeads: NetworkDiagram['heads'][number][] = [];
  for (const device of [...(file.switches ?? [])].sort(byId)) {
    const [a, b] = [places.get(device.from), places.get(device.to)];
    const feeder = heads.get(device.id);
    const inside =
      stationOf.get(device.from) !== undefined &&
      stationOf.get(device.from) === stationOf.get(device.to);
    if (a === undefined || b === undefined || (inside && feeder === undefined)) continue;
    const onward = places.get(lineAt.get(device.to) ?? '');
    const at =
      feeder !== undefined && onward !== undefined ? towards(b, onward, HEAD) : between(a, b);
    if (feeder === undefined && (a[0] !== b[0] || a[1] !== b[1])) {
      path('wire', device.id, device.from, a, at);
      path('wire', device.id, device.to, at, b);
    }
    const [dx, dy] = onward === undefined ? [1, 0] : [onward[0] - at[0], onward[1] - at[1]];
    symbols.push({
      id: device.id,
      kind: device.kind,
      x: at[0],
      y: at[1],
      vertical: Math.abs(dy) > Math.abs(dx),
      label: shortLabel(device.id, device.name),
      word: kindWord(device.name),
      labelSide: Math.abs(dy) > Math.abs(dx) ? 'right' : 'below',
      nodes: [device.from, device.to],
      normallyOpen: device.normallyOpen === true,
      station: false,
    });
    if (feeder !== undefined)
      diagramHeads.push({
        feeder: feeder.id,
        name: feeder.name ?? feeder.id,
        label: shortLabel(device.id, device.name),
        head: device.id,
        x: at[0],
        y: at[1],
        direction: dx < 0 ? -1 : 1,
      });
  }
  for (const load of [...(file.loads ?? [])].sort(byId)) {
    const at = places.get(load.node);
    if (at === undefined || stationOf.get(load.node) !== undefined) continue;
    const end: MapPlace = [at[0], at[1] + DROP];
    path('wire', load.id, load.node, at, end);
    symbols.push({
      id: load.id,
      kind: 'load',
      x: end[0],
      y: end[1],
      vertical: true,
      label: '',
      word: '',
      labelSide: 'none',
      nodes: [load.node, load.node],
      normallyOpen: false,
      station: false,
    });
  }
  for (const station of [...(file.substations ?? [])].sort(byId)) {
    const bus = file.nodes
      .filter((n) => n.substation === station.id && n.busbar === true)
      .sort((a, b) => a.nominalVoltage_kV - b.nominalVoltage_kV || byId(a, b))[0];
    const at = places.get(bus?.id ?? '');
    if (bus === undefined || at === undefined) continue;
    path('bus', `station:${station.id}`, bus.id, [at[0] - BAR, at[1]], [at[0] + BAR, at[1]]);
    texts.push({
      id: `station:${station.id}`,
      kind: 'station',
      x: at[0],
      y: at[1] - NAME,
      text: station.name ?? station.id,
      align: 'middle',
    });
  }
  const diagram = {
    width,
    height,
    // Places on a map are what they are; who cannot tell two symbols apart zooms in.
    symbols: symbols.map((symbol) => ({ ...symbol, clear: NO_NEIGHBOUR })),
    paths,
    sections: [],
    heads: diagramHeads,
    texts,
    dots: [],
  };
  return { diagram, places, metrePerUnit: METRE_PER_UNIT };
}

/** The convex hull of some places, counter-clockwise seen on the screen; of two or fewer: themselves. */
export function hullOf(places: readonly MapPlace[]): readonly MapPlace[] {
  const sorted = [...places].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (points: readonly MapPlace[]): MapPlace[] => {
    const kept: MapPlace[] = [];
    for (const p of points) {
      for (;;) {
        const [a, b] = [kept.at(-2), kept.at(-1)];
        if (a === undefined || b === undefined) break;
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        kept.pop();
      }
      kept.push(p);
    }
    return kept.slice(0, -1);
  };
  if (sorted.length < 3) return sorted;
  return [...half(sorted), ...half(sorted.toReversed())];
}
