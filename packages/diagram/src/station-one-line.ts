import type { GridFile } from '@relight/contract';
import type {
  OneLineBay,
  OneLineBus,
  OneLinePath,
  OneLineSymbol,
  StationOneLine,
} from './one-line.ts';
import { kindWord, shortLabel } from './labels.ts';
import { at, buildNormalTree } from './normal-tree.ts';
import { byBayNumber } from './station-bay-order.ts';
import { hungEquipment, type Hung } from './station-hung.ts';
import { cutIntoCells, type CellStep, type StationCell } from './station-cells.ts';

const SIDE = 0.34;

/**
 * One-line of a station from the normal state: the highest voltage on top with its incomers above,
 * transformers, the other busbars below with their feeders in the order of bay numbers, couplers
 * between neighbouring bars. Pure and deterministic; live state never moves anything.
 * @returns null where the file knows no node of this station.
 */
export function layoutStation(file: GridFile, station: string): StationOneLine | null {
  const tree = buildNormalTree(file);
  const cut = cutIntoCells(file, tree, station);
  if (cut === null) return null;
  const hung = hungEquipment(file, tree);
  const switches = new Map((file.switches ?? []).map((s) => [s.id, s]));
  const names = new Map((file.transformers ?? []).map((t) => [t.id, t.name]));
  const voltage = new Map(file.nodes.map((n) => [n.id, n.nominalVoltage_kV]));
  const feederOfHead = new Map((file.feeders ?? []).map((f) => [f.head, f.id]));
  const nodeId = (n: number): string => at(tree.nodes, n);
  const kV = (n: number): number => voltage.get(nodeId(n)) ?? 0;
  const inStation = new Set(
    file.nodes.filter((n) => n.substation === station).map((n) => tree.nodeIndex.get(n.id) ?? -1),
  );

  const symbols: OneLineSymbol[] = [];
  const paths: OneLinePath[] = [];
  const buses: OneLineBus[] = [];
  const bays: OneLineBay[] = [];
  const stubs: { column: number; row: number; text: string }[] = [];
  const shown = new Set<string>();

  const lead = (
    node: number,
    points: number[],
    kind: OneLinePath['kind'] = 'lead',
    arrow = false,
  ): void => {
    paths.push({ kind, node: nodeId(node), nominalVoltage_kV: kV(node), points, arrow });
  };
  const branchSymbol = (
    step: CellStep,
    column: number,
    row: number,
    vertical: boolean,
    labelSide: OneLineSymbol['labelSide'],
  ): void => {
    const { id, kind } = at(tree.branches, step.branch);
    const name = kind === 'switch' ? switches.get(id)?.name : names.get(id);
    symbols.push({
      id,
      kind: kind === 'switch' ? (switches.get(id)?.kind ?? 'breaker') : 'transformer',
      column,
      row,
      vertical,
      label: shortLabel(id, name).replace(/^Máy cắt /u, ''),
      word: kindWord(name),
      labelSide,
      nodes: [nodeId(step.from), nodeId(step.to)],
    });
  };
  const hungSymbol = (
    item: Hung,
    node: number,
    column: number,
    row: number,
    side: OneLineSymbol['labelSide'],
  ): void => {
    shown.add(item.id);
    symbols.push({
      id: item.id,
      kind: item.kind,
      column,
      row,
      vertical: false,
      label: shortLabel(item.id, item.name),
      word: '',
      labelSide: side,
      nodes: [nodeId(node), nodeId(node)],
    });
  };
  const drawn = (cell: StationCell): CellStep[] =>
    cell.chain.filter((step) => at(tree.branches, step.branch).kind !== 'line');
  const labelOf = (cell: StationCell): string => {
    const own = drawn(cell)[0] ?? cell.chain[0];
    return own === undefined ? '' : shortLabel(at(tree.branches, own.branch).id, undefined);
  };
  const byNumber = byBayNumber(labelOf);

  /** Things beside the chain, each in a row of its own: [node, what]. */
  const sideItems = (
    cell: StationCell,
  ): { node: number; item: Hung | null; spur: CellStep | null }[] => [
    ...cell.nodes.flatMap((node) =>
      (hung.get(node) ?? [])
        .filter((i) => (inStation.has(node) ? true : i.kind === 'groundDisconnector'))
        .filter(
          (i) =>
            !(i.kind === 'source' && cell.kind === 'incomer' && node === cell.chain.at(-1)?.to),
        )
        .map((item) => ({ node, item, spur: null })),
    ),
    ...cell.spurs.map((spur) => ({ node: spur.from, item: null, spur })),
  ];

  const uppersOf = (bus: number): StationCell[] =>
    cut.cells
      .filter(
        (c) =>
          (c.kind === 'incomer' && c.start === bus) || (c.kind === 'transformer' && c.end === bus),
      )
      .sort(byNumber);
  const lowersOf = (bus: number): StationCell[] =>
    cut.cells
      .filter((c) => c.start === bus && (c.kind === 'feeder' || c.kind === 'spare'))
      .sort(byNumber);
  const couplers = cut.cells.filter((c) => c.kind === 'coupler').sort(byNumber);
  const gapAfter = (band: readonly number[], i: number): number =>
    Math.max(
      1.4,
      ...couplers
        .filter((c) => Math.min(band.indexOf(c.start), band.indexOf(c.end)) === i)
        .map((c) => 1 + drawn(c).length * 0.9),
    );

  // Rows: as high as the longest bay of each band.
  const most = (kinds: readonly StationCell['kind'][], of: (c: StationCell) => number): number =>
    Math.max(0, ...cut.cells.filter((c) => kinds.includes(c.kind)).map(of));
  const reach = (c: StationCell): number => drawn(c).length + sideItems(c).length * 0.75;
  const upperRow = most(['incomer'], reach) + 1;
  const lowerRow =
    cut.upper.length === 0 ? upperRow : upperRow + Math.max(2, most(['transformer'], reach)) + 1;
  const bottomRow = lowerRow + Math.max(1, most(['feeder', 'spare'], reach)) + 1;

  // Columns of the lower busbars follow from their feeders.
  const columnOf = new Map<StationCell, number>();
  const spans = new Map<number, [number, number]>();
  let cursor = 0;
  cut.lower.forEach((bus, i) => {
    const from = cursor;
    const onBus = (hung.get(bus) ?? []).length;
    for (const cell of lowersOf(bus)) {
      columnOf.set(cell, cursor + 0.5);
      cursor += 1;
    }
    cursor += onBus * 0.8;
    const above = uppersOf(bus);
    cursor = Math.max(cursor, from + Math.max(1.6, 1.4 * (above.length + 1)));
    above.forEach((cell, k) =>
      columnOf.set(cell, from + ((cursor - from) * (k + 1)) / (above.length + 1)),
    );
    spans.set(bus, [from, cursor]);
    cursor += gapAfter(cut.lower, i);
  });
  // Upper busbars stand above their transformers, one behind the other.
  const footOf = new Map(columnOf);
  const belowUpper = (bus: number): StationCell[] =>
    cut.cells
      .filter((c) => c.kind === 'transformer' && c.start === bus)
      .sort((a, b) => (columnOf.get(a) ?? 0) - (columnOf.get(b) ?? 0) || byNumber(a, b));
  const centre = (bus: number): number => {
    const xs = belowUpper(bus).map((c) => columnOf.get(c) ?? 0);
    return xs.length === 0 ? cursor : xs.reduce((sum, x) => sum + x, 0) / xs.length;
  };
  const upperOrder = [...cut.upper].sort((a, b) => centre(a) - centre(b) || a - b);
  let edge = Number.NEGATIVE_INFINITY;
  upperOrder.forEach((bus, i) => {
    const own = uppersOf(bus).filter((c) => c.kind === 'incomer');
    const below = belowUpper(bus);
    const middle = centre(bus);
    own.forEach((c, k) => columnOf.set(c, middle + (k - (own.length - 1) / 2) * 1.8));
    const xs = [...own, ...below].map((c) => columnOf.get(c) ?? 0);
    const from = Math.min(middle, ...xs) - 0.7;
    const to = Math.max(middle, ...xs) + 0.7 + (hung.get(bus) ?? []).length * 0.8;
    const shift = Math.max(0, edge - from);
    for (const c of [...own, ...below]) columnOf.set(c, (columnOf.get(c) ?? 0) + shift);
    spans.set(bus, [from + shift, to + shift]);
    edge = to + shift + gapAfter(upperOrder, i);
  });

  for (const [band, row] of [
    [upperOrder, upperRow],
    [cut.lower, lowerRow],
  ] as const)
    for (const bus of band) {
      const [from, to] = spans.get(bus) ?? [0, 1];
      buses.push({
        node: nodeId(bus),
        label: shortLabel(nodeId(bus), undefined),
        nominalVoltage_kV: kV(bus),
        from,
        to,
        row,
      });
      lead(bus, [from, row, to, row], 'bus');
      (hung.get(bus) ?? []).forEach((item, k) => {
        const [x, up] = [to - 0.4 - k * 0.8, item.kind === 'source' ? -1 : 1];
        lead(bus, [x, row, x, row + up * 0.6], 'spur');
        hungSymbol(item, bus, x, row + up * 0.6, 'right');
      });
    }

  /** Draws a bay as a column from its busbar; `sign` −1 goes up. */
  const drawBay = (cell: StationCell, row: number, sign: 1 | -1, endRow: number | null): void => {
    const x = columnOf.get(cell) ?? 0;
    const steps = drawn(cell);
    const items = sideItems(cell);
    const free = endRow === null ? 0 : Math.max(0, Math.abs(endRow - row) - 1 - reach(cell));
    let y = row;
    let from = row;
    let k = 0;
    const placed = new Set<string>();
    const besideAt = (node: number): void => {
      for (const { item, spur } of items.filter((i) => i.node === node)) {
        y += sign * 0.75;
        const side = x - SIDE;
        lead(node, [x, y, side, y], 'spur');
        if (item !== null) {
          hungSymbol(item, node, side, y, 'right');
          placed.add(item.id);
        } else if (spur !== null) {
          branchSymbol(spur, side, y, false, 'left');
          placed.add(at(tree.branches, spur.branch).id);
          stubs.push({ column: side, row: y, text: shortLabel(nodeId(spur.to), undefined) });
        }
      }
    };
    for (const step of cell.chain) {
      if (at(tree.branches, step.branch).kind !== 'line') {
        y += sign * (k === 0 ? 1 + free / 2 : 1);
        k += 1;
        lead(step.from, [x, from, x, y]);
        branchSymbol(step, x, y, true, 'right');
        from = y;
      }
      besideAt(step.to);
    }
    const last = cell.chain.at(-1);
    const lastNode = last?.to ?? cell.start;
    // Side branches behind a side branch, in order of their ids.
    for (const node of [...new Set(items.map((i) => i.node))].sort((a, b) => a - b))
      if (!cell.chain.some((step) => step.to === node)) besideAt(node);
    const end = endRow ?? y + sign;
    const foot = footOf.get(cell) ?? x;
    if (cell.kind === 'transformer') {
      lead(
        lastNode,
        foot === x ? [x, from, x, end] : [x, from, x, end - 0.3, foot, end - 0.3, foot, end],
      );
    } else {
      const source = (hung.get(lastNode) ?? []).find(
        (i) => i.kind === 'source' && cell.kind === 'incomer',
      );
      const outside = !inStation.has(lastNode);
      lead(lastNode, [x, from, x, end], 'lead', outside && source === undefined);
      if (source !== undefined && inStation.has(lastNode))
        hungSymbol(source, lastNode, x, end, 'none');
    }
    const measured =
      steps.find(
        (s) =>
          at(tree.branches, s.branch).kind ===
          (cell.kind === 'transformer' ? 'transformer' : 'switch'),
      ) ?? steps[0];
    if (measured === undefined) return;
    const ids = cell.chain.map((s) => at(tree.branches, s.branch).id);
    const at_ = symbols.find((s) => s.id === at(tree.branches, measured.branch).id);
    bays.push({
      kind: cell.kind,
      equipment: at(tree.branches, measured.branch).id,
      feeder: ids.map((id) => feederOfHead.get(id)).find((f) => f !== undefined) ?? null,
      column: x,
      row: cell.kind === 'transformer' ? (at_?.row ?? row) : end,
      from: Math.min(row, end),
      to: Math.max(row, end),
      symbols: [...ids, ...placed],
    });
  };
  for (const bus of [...upperOrder, ...cut.lower]) {
    const row = cut.upper.includes(bus) ? upperRow : lowerRow;
    for (const cell of cut.cells.filter((c) => c.start === bus).sort(byNumber)) {
      if (cell.kind === 'incomer') drawBay(cell, row, -1, 0);
      else if (cell.kind === 'transformer') drawBay(cell, row, 1, lowerRow);
      else if (cell.kind !== 'coupler') drawBay(cell, row, 1, bottomRow);
    }
  }

  // Couplers: between neighbours, else in a lane above the bars.
  const lanes = new Map<string, number>();
  for (const cell of couplers) {
    const band = cut.upper.includes(cell.start) ? upperOrder : cut.lower;
    const row = band === upperOrder ? upperRow : lowerRow;
    const [i, j] = [band.indexOf(cell.start), band.indexOf(cell.end)];
    const flip = i > j;
    const left = at(band, Math.min(i, j));
    const right = at(band, Math.max(i, j));
    const near = Math.abs(i - j) === 1;
    const key = `${row} ${Math.min(i, j)} ${near}`;
    const lane = lanes.get(key) ?? 0;
    lanes.set(key, lane + 1);
    const dip = near ? (band === upperOrder ? lane * 1.5 : 0.8 + lane * 1.5) : -0.45 - lane * 1.5;
    const [, a] = spans.get(left) ?? [0, 0];
    const [b] = spans.get(right) ?? [0, 0];
    const next = spans.get(at(band, Math.min(i, j) + 1))?.[0] ?? b;
    const ordered = flip
      ? cell.chain.toReversed().map((s) => ({ ...s, from: s.to, to: s.from }))
      : cell.chain;
    const steps = ordered.filter((s) => at(tree.branches, s.branch).kind !== 'line');
    const y = row + dip;
    const edgeIn = dip === 0 ? 0 : 0.25;
    let x = a - edgeIn;
    const entry = dip === 0 ? [a, row] : [x, row, x, y];
    let pending: number[] = entry;
    steps.forEach((step, k) => {
      x = a + ((next - a) * (k + 1)) / (steps.length + 1);
      lead(step.from, [...pending, x, y]);
      branchSymbol(step, x, y, false, 'below');
      pending = [x, y];
    });
    const lastNode = ordered.at(-1)?.to ?? right;
    lead(lastNode, dip === 0 ? [...pending, b, row] : [...pending, b + edgeIn, y, b + edgeIn, row]);
    sideItems(cell).forEach(({ node, item, spur }, k) => {
      const place = [a + (next - a) / 2 - 0.3 + k * 0.5, y + (near ? 0.7 : -0.7)] as const;
      lead(node, [place[0], y, ...place], 'spur');
      if (item !== null) hungSymbol(item, node, place[0], place[1], 'right');
      else if (spur !== null) {
        branchSymbol(spur, place[0], place[1], true, 'right');
        stubs.push({
          column: place[0],
          row: place[1],
          text: shortLabel(nodeId(spur.to), undefined),
        });
      }
    });
    const first =
      steps.find((s) => switches.get(at(tree.branches, s.branch).id)?.kind === 'breaker') ??
      steps[0];
    if (first !== undefined)
      bays.push({
        kind: 'coupler',
        equipment: at(tree.branches, first.branch).id,
        feeder: null,
        column: (a + next) / 2,
        row: y,
        from: y,
        to: y,
        symbols: steps.map((s) => at(tree.branches, s.branch).id),
      });
  }

  const every = paths.flatMap((p) => p.points);
  const xs = every.filter((_, i) => i % 2 === 0);
  const ys = every.filter((_, i) => i % 2 === 1);
  const [dx, dy] = [0.5 - Math.min(...xs, ...symbols.map((s) => s.column)), -Math.min(0, ...ys)];
  const moved = <T extends { readonly column: number; readonly row: number }>(thing: T): T => ({
    ...thing,
    column: thing.column + dx,
    row: thing.row + dy,
  });
  return {
    station,
    name: (file.substations ?? []).find((s) => s.id === station)?.name ?? station,
    columns: Math.max(...xs) + dx + 0.5,
    rows: Math.max(bottomRow, ...ys) + dy,
    symbols: symbols.map(moved),
    paths: paths.map((p) => ({
      ...p,
      points: p.points.map((v, i) => v + (i % 2 === 0 ? dx : dy)),
    })),
    buses: buses.map((b) => ({ ...b, from: b.from + dx, to: b.to + dx, row: b.row + dy })),
    bays: bays.map((b) => ({ ...moved(b), from: b.from + dy, to: b.to + dy })),
    stubs: stubs.map(moved),
  };
}
