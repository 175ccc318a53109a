import type { GridFile } from '@relight/contract';
import {
  buildHitIndex,
  kindWord,
  layoutNetwork,
  shortLabel,
  type DiagramPath,
  type DiagramSymbol,
  type HitIndex,
  type NetworkDiagram,
} from '@relight/diagram';

import { sectionOf } from '../scene/section-index.ts';
import type { LiveState } from './live-store.ts';

type Line = NonNullable<GridFile['lines']>[number];
type Switch = NonNullable<GridFile['switches']>[number];
type Load = NonNullable<GridFile['loads']>[number];
type Transformer = NonNullable<GridFile['transformers']>[number];

/** Everything about the grid that does not change while it is shown. */
export interface GridBook {
  readonly file: GridFile;
  readonly diagram: NetworkDiagram;
  readonly hits: HitIndex;
  readonly symbols: ReadonlyMap<string, DiagramSymbol>;
  readonly linePaths: ReadonlyMap<string, DiagramPath>;
  readonly lines: ReadonlyMap<string, Line>;
  readonly switches: ReadonlyMap<string, Switch>;
  readonly loads: ReadonlyMap<string, Load>;
  readonly transformers: ReadonlyMap<string, Transformer>;
  readonly nominalVoltage_kV: ReadonlyMap<string, number>;
  readonly stationNames: ReadonlyMap<string, string>;
  /** Fault indicators that the diagram draws for themselves, by their node. */
  readonly indicatorAt: ReadonlyMap<string, string>;
}

/** @param diagram - How the grid is laid out; without it, as a schematic. */
export function openGridBook(
  file: GridFile,
  diagram: NetworkDiagram = layoutNetwork(file),
): GridBook {
  return {
    file,
    diagram,
    hits: buildHitIndex(diagram),
    symbols: new Map(diagram.symbols.map((s) => [s.id, s])),
    linePaths: new Map(diagram.paths.filter((p) => p.kind === 'line').map((p) => [p.id, p])),
    lines: new Map((file.lines ?? []).map((l) => [l.id, l])),
    switches: new Map((file.switches ?? []).map((s) => [s.id, s])),
    loads: new Map((file.loads ?? []).map((l) => [l.id, l])),
    transformers: new Map((file.transformers ?? []).map((t) => [t.id, t])),
    nominalVoltage_kV: new Map(file.nodes.map((n) => [n.id, n.nominalVoltage_kV])),
    stationNames: new Map((file.substations ?? []).map((s) => [s.id, s.name ?? s.id])),
    indicatorAt: new Map(
      diagram.symbols
        .filter(({ kind }) => kind === 'faultIndicator')
        .map(({ id, nodes }) => [nodes[0], id]),
    ),
  };
}

const MACHINE_WORDS: Readonly<Record<string, string>> = {
  breaker: 'MC',
  recloser: 'REC',
  loadBreakSwitch: 'LBS',
  disconnector: 'DCL',
  sectionaliser: 'DPĐ',
  fuse: 'FCO',
};

/** What operators call a piece of equipment: "LBS 471/58", "MC 473", "TBA Trần Quang Diệu 1". */
export function deviceName(book: GridBook, id: string): string {
  const device = book.switches.get(id);
  if (device !== undefined) {
    const number = shortLabel(id, device.name);
    return `${kindWord(device.name).length <= 4 ? kindWord(device.name) || MACHINE_WORDS[device.kind] : MACHINE_WORDS[device.kind]} ${number}`;
  }
  const named = book.lines.get(id) ?? book.loads.get(id) ?? book.transformers.get(id);
  if (named?.name !== undefined) return named.name;
  const station = id.slice(0, id.indexOf('.') + 1);
  if (station !== '' && book.stationNames.has(station.slice(0, -1)))
    return id.slice(station.length);
  return id.startsWith('FI.') ? `FI ${id.slice(3).replace(/-(?=\d+(-\d+)?$)/u, '/')}` : id;
}

/** A network by what feeds it: "MBA T1 · TBA 110 kV Phú Tài". */
export function networkName(book: GridBook, id: string): string {
  const node =
    book.transformers.get(id)?.to ?? book.file.sources.find((s) => s.id === id)?.node ?? '';
  const station = stationOf(book, id);
  const kV = book.nominalVoltage_kV.get(node);
  return [
    ...(kV === undefined ? [] : [`${kV} kV`]),
    book.transformers.get(id)?.name ?? id,
    ...(station === null ? [] : [station]),
  ].join(' · ');
}

/** The feeder a piece of equipment belongs to in the normal state; else the equipment itself. */
export function feederOfEquipment(book: GridBook, live: LiveState, id: string): string {
  const head = book.file.feeders?.find((feeder) => feeder.head === id);
  if (head !== undefined) return head.id;
  const device = book.switches.get(id) ?? book.lines.get(id);
  const node = device?.to ?? book.loads.get(id)?.node ?? book.symbols.get(id)?.nodes[0];
  return node === undefined ? id : (sectionOf(book, live, node)?.normalFeeder ?? id);
}

/** The station a device stands in, if any. */
export function stationOf(book: GridBook, id: string): string | null {
  const prefix = id.includes('.') ? id.slice(0, id.indexOf('.')) : '';
  return book.stationNames.get(prefix) ?? null;
}
