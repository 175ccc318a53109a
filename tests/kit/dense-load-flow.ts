import type { GridFile } from '@relight/contract';

/**
 * A second load flow for small grids, to hold the engine's own against: nodal admittances, dense
 * elimination, current injection until the voltages stand. It knows the grid file only, meshed
 * states are ordinary to it, and it shares nothing with the packages.
 */
export interface DenseLoadFlow {
  readonly converged: boolean;
  /** Live nodes, by id; pu of their nominal voltage. */
  readonly voltage_pu: ReadonlyMap<string, number>;
  /** Lines and transformers, current in A at `from`. */
  readonly current_A: ReadonlyMap<string, number>;
  /** What flows out of the nodes given, closed switches apart, in A at their voltage. */
  outflow_A(nodes: Iterable<string>): number;
  /** Power a source gives where it is alone at its place, MVA. */
  source_MVA(source: string): number;
  /** Apparent power at the more loaded end of each transformer, MVA. */
  readonly transformer_MVA: ReadonlyMap<string, number>;
  readonly losses_kW: number;
}

export interface DenseRequest {
  readonly grid: GridFile;
  readonly isClosed: (switchId: string) => boolean;
  /** Load as a multiple of the file's, by load id; 1 where absent. */
  readonly loadFactor?: ReadonlyMap<string, number>;
  readonly lostSources?: ReadonlySet<string>;
  /** Generators that give nothing, by id. */
  readonly generatorsOff?: ReadonlySet<string>;
  /** Power of the others as a multiple of the file's, by id; 1 where absent. */
  readonly generation?: ReadonlyMap<string, number>;
}

interface Complex {
  readonly re: number;
  readonly im: number;
}
const complex = (re: number, im = 0): Complex => ({ re, im });
const add = (a: Complex, b: Complex): Complex => complex(a.re + b.re, a.im + b.im);
const subtract = (a: Complex, b: Complex): Complex => complex(a.re - b.re, a.im - b.im);
const times = (a: Complex, b: Complex): Complex =>
  complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
const conjugate = (a: Complex): Complex => complex(a.re, -a.im);
const size = (a: Complex): number => Math.hypot(a.re, a.im);
const divide = (a: Complex, b: Complex): Complex => {
  const weight = b.re * b.re + b.im * b.im;
  return complex((a.re * b.re + a.im * b.im) / weight, (a.im * b.re - a.re * b.im) / weight);
};
const ZERO = complex(0);
/** Stands in for no impedance at all, pu on 1 MVA: far below anything that is measured. */
const NO_IMPEDANCE_PU = 1e-7;

interface Branch {
  readonly id: string;
  readonly fromNode: string;
  readonly toNode: string;
  /** Places, after switches are drawn as one point. */
  readonly from: number;
  readonly to: number;
  readonly admittance: Complex;
  /** v_to = v_from / ratio without current. */
  readonly ratio: Complex;
  /** Taken at `from`, pu at 1 pu. */
  readonly magnetising: number;
  readonly fromBase_A: number;
  readonly isTransformer: boolean;
}

export function solveDense(request: DenseRequest): DenseLoadFlow {
  const { grid } = request;
  const merged = mergeThroughSwitches(request);
  const branches = readBranches(grid, merged);
  const fixed = new Map<number, Complex>();
  for (const source of grid.sources) {
    if (request.lostSources?.has(source.id)) continue;
    fixed.set(merged.get(source.node) ?? -1, complex(source.voltage_pu ?? 1));
  }
  const power = new Map<number, ((voltage: Complex) => Complex)[]>();
  for (const load of grid.loads ?? []) {
    const node = merged.get(load.node) ?? -1;
    power.set(node, [...(power.get(node) ?? []), (voltage) => loadPower(request, load, voltage)]);
  }
  for (const unit of generatorsOn(request)) {
    const node = merged.get(unit.node) ?? -1;
    power.set(node, [...(power.get(node) ?? []), () => generated(request, unit)]);
  }
  const shunts = (grid.shunts ?? []).map((shunt) => ({
    node: merged.get(shunt.node) ?? -1,
    admittance: complex(0, -shunt.q_kvar / 1e3),
  }));
  const voltages = new Map(fixed);
  let converged = true;
  for (const start of fixed.keys()) {
    const island = reach([start], branches);
    const unknown = [...island].filter((node) => !voltages.has(node)).sort((a, b) => a - b);
    const solved = solveIsland(unknown, fixed, branches, shunts, power);
    if (!solved.converged) converged = false;
    unknown.forEach((node, row) => voltages.set(node, solved.voltages[row] ?? ZERO));
  }
  const voltageAt = (node: number): Complex => voltages.get(node) ?? ZERO;
  return { converged, ...readOut(request, merged, branches, new Set(voltages.keys()), voltageAt) };
}

/** Y v = i, with i from the loads at the last v, until v stands still. */
function solveIsland(
  unknown: readonly number[],
  fixed: ReadonlyMap<number, Complex>,
  branches: readonly Branch[],
  shunts: readonly { readonly node: number; readonly admittance: Complex }[],
  power: ReadonlyMap<number, readonly ((voltage: Complex) => Complex)[]>,
): { readonly converged: boolean; readonly voltages: readonly Complex[] } {
  const place = new Map(unknown.map((node, row) => [node, row]));
  const matrix = unknown.map(() => unknown.map(() => ZERO));
  const constant = unknown.map(() => ZERO);
  const stamp = (row: number, column: number, value: Complex): void => {
    const r = place.get(row);
    if (r === undefined) return;
    const c = place.get(column);
    const line = matrix[r];
    if (c !== undefined && line !== undefined) line[c] = add(line[c] ?? ZERO, value);
    else {
      const voltage = fixed.get(column) ?? ZERO;
      constant[r] = subtract(constant[r] ?? ZERO, times(value, voltage));
    }
  };
  for (const { from, to, admittance, ratio, magnetising } of branches) {
    const square = complex(ratio.re * ratio.re + ratio.im * ratio.im);
    stamp(from, from, add(divide(admittance, square), complex(magnetising)));
    stamp(from, to, times(complex(-1), divide(admittance, conjugate(ratio))));
    stamp(to, from, times(complex(-1), divide(admittance, ratio)));
    stamp(to, to, admittance);
  }
  for (const { node, admittance } of shunts) stamp(node, node, admittance);

  const inverse = invert(matrix);
  let voltages = unknown.map(() => complex(1));
  for (let round = 0; round < 200; round++) {
    const injected = unknown.map((node, row) => {
      const voltage = voltages[row] ?? ZERO;
      const sum = (power.get(node) ?? []).reduce((all, of) => add(all, of(voltage)), ZERO);
      const taken = conjugate(divide(sum, voltage));
      return subtract(constant[row] ?? ZERO, taken);
    });
    const next = inverse.map((line) =>
      line.reduce((sum, value, column) => add(sum, times(value, injected[column] ?? ZERO)), ZERO),
    );
    const changes = next.map((value, row) => size(subtract(value, voltages[row] ?? ZERO)));
    voltages = next;
    if (changes.every((change) => change < 1e-12)) {
      return { converged: voltages.every((voltage) => size(voltage) > 0.5), voltages };
    }
  }
  return { converged: false, voltages };
}

function loadPower(
  request: DenseRequest,
  load: NonNullable<GridFile['loads']>[number],
  voltage: Complex,
): Complex {
  const { impedance = 0, current = 0, power = 0 } = load.zip ?? { power: 1 };
  const v = size(voltage);
  const factor =
    (request.loadFactor?.get(load.id) ?? 1) * (impedance * v * v + current * v + power);
  return complex((factor * load.p_kW) / 1e3, (factor * (load.q_kvar ?? 0)) / 1e3);
}

type Generator = NonNullable<GridFile['generators']>[number];

function generatorsOn({ grid, generatorsOff }: DenseRequest): readonly Generator[] {
  return (grid.generators ?? []).filter(({ id }) => generatorsOff?.has(id) !== true);
}

/** A generator is a load below nothing, of constant power. */
function generated({ generation }: DenseRequest, { id, p_kW, q_kvar = 0 }: Generator): Complex {
  const share = generation?.get(id) ?? 1;
  return complex((-share * p_kW) / 1e3, (-share * q_kvar) / 1e3);
}

function readOut(
  request: DenseRequest,
  merged: ReadonlyMap<string, number>,
  branches: readonly Branch[],
  live: ReadonlySet<number>,
  voltageAt: (node: number) => Complex,
) {
  const { grid } = request;
  const voltage_pu = new Map<string, number>();
  const outflow = new Map<string, Complex>();
  const flowOut = (node: string, current: Complex): void => {
    outflow.set(node, add(outflow.get(node) ?? ZERO, current));
  };
  for (const node of grid.nodes) {
    const at = merged.get(node.id) ?? -1;
    if (live.has(at)) voltage_pu.set(node.id, size(voltageAt(at)));
  }
  const current_A = new Map<string, number>();
  const transformer_MVA = new Map<string, number>();
  let losses_MW = 0;
  for (const branch of branches) {
    if (!live.has(branch.from)) continue;
    const from = voltageAt(branch.from);
    const to = voltageAt(branch.to);
    const series = times(subtract(divide(from, branch.ratio), to), branch.admittance);
    const magnetising = times(from, complex(branch.magnetising));
    const intoFrom = add(divide(series, conjugate(branch.ratio)), magnetising);
    const fromPower = times(from, conjugate(intoFrom));
    const toPower = times(to, conjugate(series));
    losses_MW += fromPower.re - toPower.re;
    flowOut(branch.fromNode, intoFrom);
    flowOut(branch.toNode, times(complex(-1), series));
    current_A.set(branch.id, size(intoFrom) * branch.fromBase_A);
    if (branch.isTransformer) {
      transformer_MVA.set(branch.id, Math.max(size(fromPower), size(toPower)));
    }
  }
  for (const load of grid.loads ?? []) {
    const node = merged.get(load.node) ?? -1;
    if (!live.has(node)) continue;
    flowOut(
      load.node,
      conjugate(divide(loadPower(request, load, voltageAt(node)), voltageAt(node))),
    );
  }
  for (const unit of generatorsOn(request)) {
    const node = merged.get(unit.node) ?? -1;
    if (!live.has(node)) continue;
    flowOut(unit.node, conjugate(divide(generated(request, unit), voltageAt(node))));
  }
  for (const shunt of grid.shunts ?? []) {
    const node = merged.get(shunt.node) ?? -1;
    if (live.has(node))
      flowOut(shunt.node, times(complex(0, -shunt.q_kvar / 1e3), voltageAt(node)));
  }
  const nominal = new Map(grid.nodes.map((node) => [node.id, node.nominalVoltage_kV]));
  const sumOut = (nodes: Iterable<string>): Complex =>
    [...nodes].reduce((sum, node) => add(sum, outflow.get(node) ?? ZERO), ZERO);
  return {
    voltage_pu,
    current_A,
    transformer_MVA,
    losses_kW: losses_MW * 1e3,
    outflow_A(nodes: Iterable<string>) {
      const all = [...nodes];
      return (size(sumOut(all)) * 1e3) / (Math.sqrt(3) * (nominal.get(all[0] ?? '') ?? 1));
    },
    source_MVA(id: string) {
      const source = grid.sources.find((each) => each.id === id);
      const place = merged.get(source?.node ?? '') ?? -1;
      const together = [...merged].filter(([, other]) => other === place).map(([node]) => node);
      return size(times(complex(source?.voltage_pu ?? 1), conjugate(sumOut(together))));
    },
  };
}

/** Number of each node's place after closed switches are drawn as one point. */
function mergeThroughSwitches({ grid, isClosed }: DenseRequest): ReadonlyMap<string, number> {
  const leader = new Map(grid.nodes.map((node) => [node.id, node.id]));
  const find = (id: string): string => {
    let at = id;
    while (leader.get(at) !== at) at = leader.get(at) ?? at;
    return at;
  };
  for (const each of grid.switches ?? []) {
    if (isClosed(each.id)) leader.set(find(each.from), find(each.to));
  }
  const numbers = new Map<string, number>();
  for (const node of grid.nodes) {
    const first = find(node.id);
    if (!numbers.has(first)) numbers.set(first, numbers.size);
  }
  return new Map(grid.nodes.map((node) => [node.id, numbers.get(find(node.id)) ?? -1]));
}

function readBranches(grid: GridFile, merged: ReadonlyMap<string, number>): readonly Branch[] {
  const nominal = new Map(grid.nodes.map((node) => [node.id, node.nominalVoltage_kV]));
  const admittanceOf = (r: number, x: number): Complex =>
    divide(
      complex(1),
      Math.hypot(r, x) < NO_IMPEDANCE_PU ? complex(0, NO_IMPEDANCE_PU) : complex(r, x),
    );
  const ends = (each: { from: string; to: string }) => ({
    fromNode: each.from,
    toNode: each.to,
    from: merged.get(each.from) ?? -1,
    to: merged.get(each.to) ?? -1,
    fromBase_A: 1e3 / (Math.sqrt(3) * (nominal.get(each.from) ?? 1)),
  });
  const lines = (grid.lines ?? []).map((line) => {
    const base_ohm = (nominal.get(line.to) ?? 1) ** 2;
    return {
      id: line.id,
      ...ends(line),
      admittance: admittanceOf(line.r_ohm / base_ohm, line.x_ohm / base_ohm),
      ratio: complex(1),
      magnetising: 0,
      isTransformer: false,
    };
  });
  const transformers = (grid.transformers ?? []).map((transformer) => {
    const { rated_MVA, shortCircuitVoltage_pct, losses_kW = 0, noLoadLosses_kW = 0 } = transformer;
    const z = shortCircuitVoltage_pct / 100 / rated_MVA;
    const r = losses_kW / 1e3 / rated_MVA ** 2;
    const angle = ((transformer.phaseShift_deg ?? 0) * Math.PI) / 180;
    const tap = transformer.tap_pu ?? 1;
    return {
      id: transformer.id,
      ...ends(transformer),
      admittance: admittanceOf(r, Math.sqrt(z * z - r * r)),
      ratio: complex(tap * Math.cos(angle), tap * Math.sin(angle)),
      magnetising: noLoadLosses_kW / 1e3,
      isTransformer: true,
    };
  });
  return [...lines, ...transformers];
}

function reach(start: readonly number[], branches: readonly Branch[]): ReadonlySet<number> {
  const found = new Set(start);
  for (let grown = true; grown;) {
    const before = found.size;
    for (const { from, to } of branches) {
      if (found.has(from)) found.add(to);
      if (found.has(to)) found.add(from);
    }
    grown = found.size > before;
  }
  return found;
}

/** Gauss-Jordan with partial pivoting. */
function invert(matrix: readonly (readonly Complex[])[]): readonly (readonly Complex[])[] {
  const n = matrix.length;
  const work = matrix.map((line, row) => [
    ...line,
    ...line.map((_, column) => complex(row === column ? 1 : 0)),
  ]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (size(work[row]?.[column] ?? ZERO) > size(work[pivot]?.[column] ?? ZERO)) pivot = row;
    }
    const top = work[pivot] ?? [];
    work[pivot] = work[column] ?? [];
    const scale = top[column] ?? ZERO;
    const scaled = top.map((value) => divide(value, scale));
    work[column] = scaled;
    for (let row = 0; row < n; row++) {
      const line = work[row];
      const factor = line?.[column] ?? ZERO;
      if (row === column || line === undefined || size(factor) === 0) continue;
      work[row] = line.map((value, at) => subtract(value, times(factor, scaled[at] ?? ZERO)));
    }
  }
  return work.map((line) => line.slice(n));
}
