import type { GridFile } from '@relight/contract';
import { withClearance } from './clearance.ts';
import type {
  DiagramFeederHead,
  DiagramPath,
  DiagramSection,
  DiagramText,
  LabelSide,
  NetworkDiagram,
  PathKind,
  PlacedSymbol,
  SymbolKind,
} from './diagram.ts';
import { kindWord, shortLabel } from './labels.ts';
import { at, byId, type NormalTree } from './normal-tree.ts';

interface Stretch {
  readonly section: number;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly trunk: boolean;
}

const SOURCE_AND_LOAD_LABEL: LabelSide = 'none';

/** Collects the pieces of a picture while the parts of the layout place them. */
export class DiagramBuilder {
  readonly #tree: NormalTree;
  readonly #file: GridFile;
  readonly #symbols: PlacedSymbol[] = [];
  readonly #paths: DiagramPath[] = [];
  readonly #stretches: Stretch[] = [];
  readonly #heads: DiagramFeederHead[] = [];
  readonly #texts: DiagramText[] = [];
  readonly #dots: { x: number; y: number; node: string }[] = [];
  readonly #switches;
  readonly #transformers;
  readonly #voltage;
  /** Loads, generators, shunts and sources by node index, sorted by id. */
  readonly #atNode = new Map<
    number,
    { id: string; kind: SymbolKind; name: string | undefined }[]
  >();

  constructor(file: GridFile, tree: NormalTree) {
    this.#file = file;
    this.#tree = tree;
    this.#switches = new Map((file.switches ?? []).map((s) => [s.id, s]));
    this.#transformers = new Map((file.transformers ?? []).map((t) => [t.id, t]));
    this.#voltage = new Map(file.nodes.map((n) => [n.id, n.nominalVoltage_kV]));
    const hang = (node: string, id: string, kind: SymbolKind, name?: string): void => {
      const index = tree.nodeIndex.get(node) ?? -1;
      const list = this.#atNode.get(index) ?? [];
      list.push({ id, kind, name });
      this.#atNode.set(index, list);
    };
    for (const load of file.loads ?? []) hang(load.node, load.id, 'load', load.name);
    for (const unit of file.generators ?? []) hang(unit.node, unit.id, 'generator');
    for (const shunt of file.shunts ?? []) hang(shunt.node, shunt.id, 'capacitor');
    for (const earth of file.groundDisconnectors ?? [])
      hang(earth.node, earth.id, 'groundDisconnector');
    for (const list of this.#atNode.values()) list.sort(byId);
  }

  /** Equipment with one terminal at a node, sorted by id. */
  equipmentAt(node: number): readonly { id: string; kind: SymbolKind; name: string | undefined }[] {
    return this.#atNode.get(node) ?? [];
  }

  nodeId(node: number): string {
    return at(this.#tree.nodes, node);
  }

  voltage_kV(node: number): number {
    return this.#voltage.get(this.nodeId(node)) ?? 0;
  }

  switchSymbol(
    branch: number,
    x: number,
    y: number,
    vertical: boolean,
    labelSide: LabelSide,
    station = false,
  ): void {
    const { id, from, to, normallyOpen } = at(this.#tree.branches, branch);
    const file = this.#switches.get(id);
    this.#symbols.push({
      id,
      kind: file?.kind ?? 'loadBreakSwitch',
      x,
      y,
      vertical,
      label: shortLabel(id, file?.name),
      word: kindWord(file?.name),
      labelSide,
      nodes: [this.nodeId(from), this.nodeId(to)],
      normallyOpen,
      station,
    });
  }

  transformerSymbol(
    branch: number,
    x: number,
    y: number,
    vertical: boolean,
    labelSide: LabelSide = 'right',
  ): void {
    const { id, from, to } = at(this.#tree.branches, branch);
    this.#symbols.push({
      id,
      kind: 'transformer',
      x,
      y,
      vertical,
      label: shortLabel(id, this.#transformers.get(id)?.name),
      word: '',
      labelSide,
      nodes: [this.nodeId(from), this.nodeId(to)],
      normallyOpen: false,
      station: true,
    });
  }

  equipmentSymbol(
    equipment: { id: string; kind: SymbolKind; name: string | undefined },
    node: number,
    x: number,
    y: number,
    vertical: boolean,
  ): void {
    this.#symbols.push({
      id: equipment.id,
      kind: equipment.kind,
      x,
      y,
      vertical,
      label: shortLabel(equipment.id, equipment.name),
      word: kindWord(equipment.name),
      labelSide: SOURCE_AND_LOAD_LABEL,
      nodes: [this.nodeId(node), this.nodeId(node)],
      normallyOpen: false,
      station: false,
    });
  }

  /** A path; lines carry their own id, everything else a made-up one. */
  path(
    kind: PathKind,
    node: number,
    points: readonly number[],
    options: { id?: string; lateral?: boolean } = {},
  ): void {
    this.#paths.push({
      id: options.id ?? `${kind}:${this.nodeId(node)}:${this.#paths.length}`,
      kind,
      node: this.nodeId(node),
      nominalVoltage_kV: this.voltage_kV(node),
      lateral: options.lateral ?? false,
      points,
    });
  }

  /** Says that the stretch of a row belongs to the section of a node. */
  stretch(node: number, x0: number, x1: number, y: number, trunk: boolean): void {
    this.#stretches.push({
      section: at(this.#tree.section, node),
      from: Math.min(x0, x1),
      to: Math.max(x0, x1),
      y,
      trunk,
    });
  }

  head(head: DiagramFeederHead): void {
    this.#heads.push(head);
  }

  text(text: DiagramText): void {
    this.#texts.push(text);
  }

  dot(x: number, y: number, node: number): void {
    this.#dots.push({ x, y, node: this.nodeId(node) });
  }

  #sections(): DiagramSection[] {
    const members = new Map<number, number[]>();
    this.#tree.section.forEach((section, node) => {
      const list = members.get(section);
      if (list === undefined) members.set(section, [node]);
      else list.push(node);
    });
    return [...members].map(([section, nodes]) => {
      // Pieces that touch become one, so that a tint has no seams.
      const pieces = this.#stretches
        .filter((s) => s.section === section)
        .sort((a, b) => a.y - b.y || a.from - b.from);
      const spans: { from: number; to: number; y: number; trunk: boolean }[] = [];
      for (const piece of pieces) {
        const last = spans.at(-1);
        if (last !== undefined && last.y === piece.y && piece.from <= last.to + 1)
          last.to = Math.max(last.to, piece.to);
        else spans.push({ from: piece.from, to: piece.to, y: piece.y, trunk: piece.trunk });
      }
      const trunk = spans.filter((s) => s.trunk).sort((a, b) => b.to - b.from - (a.to - a.from))[0];
      return {
        key: this.nodeId(section),
        nodes: nodes.map((n) => this.nodeId(n)),
        trunk: trunk === undefined ? null : ([trunk.from, trunk.to, trunk.y] as const),
        spans: spans.map((s) => [s.from, s.to, s.y] as const),
      };
    });
  }

  /** Pole indicators sit on their line, a little away from the end they watch. */
  #placeIndicators(): void {
    const paths = new Map(this.#paths.filter((p) => p.kind === 'line').map((p) => [p.id, p]));
    const lines = new Map((this.#file.lines ?? []).map((l) => [l.id, l]));
    for (const indicator of [...(this.#file.faultIndicators ?? [])].sort(byId)) {
      const path = paths.get(indicator.line);
      const line = lines.get(indicator.line);
      if (path === undefined || line === undefined) continue;
      // A path begins at the end nearer to the source.
      const branch = this.#tree.branchIndex.get(`line:${line.id}`) ?? -1;
      const node = this.#tree.nodeIndex.get(indicator.node) ?? -1;
      const atStart = at(this.#tree.parentBranch, node) !== branch;
      const points = path.points;
      const end = points.length - 2;
      const [x, y] = atStart
        ? [at(points, 0), at(points, 1)]
        : [at(points, end), at(points, end + 1)];
      const near = atStart ? 2 : end - 2;
      const [dx, dy] = [at(points, near) - x, at(points, near + 1) - y];
      const length = Math.max(1, Math.abs(dx) + Math.abs(dy));
      const shift = Math.min(16, length / 2);
      this.#symbols.push({
        id: indicator.id,
        kind: 'faultIndicator',
        x: x + (dx / length) * shift,
        y: y + (dy / length) * shift,
        vertical: Math.abs(dy) > Math.abs(dx),
        label: shortLabel(indicator.id, undefined),
        word: '',
        labelSide: 'none',
        nodes: [indicator.node, indicator.node],
        normallyOpen: false,
        station: false,
      });
    }
  }

  /** The finished picture, moved so that everything lies inside it. */
  finish(margin: number): NetworkDiagram {
    this.#placeIndicators();
    const xs = [
      ...this.#symbols.map((s) => s.x),
      ...this.#paths.flatMap((p) => p.points.filter((_, i) => i % 2 === 0)),
    ];
    const ys = [
      ...this.#symbols.map((s) => s.y),
      ...this.#paths.flatMap((p) => p.points.filter((_, i) => i % 2 === 1)),
      ...this.#texts.map((t) => t.y),
    ];
    const least = (values: readonly number[]): number =>
      values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const most = (values: readonly number[]): number =>
      values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const [dx, dy] = [margin - least(xs), margin - least(ys)];
    const move = <T extends { readonly x: number; readonly y: number }>(item: T): T => ({
      ...item,
      x: item.x + dx,
      y: item.y + dy,
    });
    const span = ([from, to, y]: readonly [number, number, number]) =>
      [from + dx, to + dx, y + dy] as const;
    return {
      width: most(xs) + dx + margin,
      height: most(ys) + dy + margin,
      symbols: withClearance(this.#symbols.map(move)),
      paths: this.#paths.map((p) => ({
        ...p,
        points: p.points.map((v, i) => v + (i % 2 === 0 ? dx : dy)),
      })),
      sections: this.#sections().map((s) => ({
        ...s,
        trunk: s.trunk === null ? null : span(s.trunk),
        spans: s.spans.map(span),
      })),
      heads: this.#heads.map(move),
      texts: this.#texts.map(move),
      dots: this.#dots.map(move),
    };
  }
}
