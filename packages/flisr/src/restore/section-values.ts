import type { LoadState } from '@relight/powerflow';
import type { Network } from '@relight/topology';
import type { PlanRequest } from '../plan-request.ts';
import { int32Of } from './columns.ts';
import type { Served } from './score.ts';

/** What the loads of a section are worth in the objective; kW to 0.001, so whole watts. */
export interface SectionValues {
  readonly critical_W: Float64Array;
  readonly important_W: Float64Array;
  readonly customers: Float64Array;
  readonly active_W: Float64Array;
  /** Of all sections together. */
  readonly all: Served;
  /** By section: 1 where it holds a load that is worth something, and where a critical one. */
  readonly counts: Uint8Array;
  readonly isCritical: Uint8Array;
  /** Sections whose loads together, or the critical ones, give more than they take; mostly none. */
  readonly feeding: Int32Array;
}

/** The values of the loads last planned with: they are read from every load of the grid. */
const valuesOf = new WeakMap<LoadState, { network: Network; values: SectionValues }>();

/** Whole watts, so that sums are exact and do not depend on their order. */
export function sectionValues({ network, loads }: PlanRequest): SectionValues {
  const known = valuesOf.get(loads);
  if (known?.network === network) return known.values;
  const column = (): Float64Array => new Float64Array(network.sectionCount);
  const [critical_W, important_W, customers, active_W] = [column(), column(), column(), column()];
  const isCritical = new Uint8Array(network.sectionCount);
  network.grid.loads.forEach((load, at) => {
    const section = network.nodeSection[load.node]!;
    const active = Math.round(loads.activePower_W[at]!);
    active_W[section]! += active;
    customers[section]! += load.customers;
    if (load.priority === 'critical') {
      critical_W[section]! += active;
      isCritical[section] = 1;
    }
    if (load.priority === 'important') important_W[section]! += active;
  });
  const counts = Uint8Array.from(active_W, (power, section) =>
    power !== 0 || customers[section] !== 0 ? 1 : 0,
  );
  const sum = (all: number, each: number): number => all + each;
  const all = {
    critical_W: critical_W.reduce(sum, 0),
    customers: customers.reduce(sum, 0),
    active_W: active_W.reduce(sum, 0),
  };
  const feeding = Int32Array.from(active_W.keys()).filter(
    (section) => active_W[section]! < 0 || critical_W[section]! < 0,
  );
  const values = { critical_W, important_W, customers, active_W, all, counts, isCritical, feeding };
  valuesOf.set(loads, { network, values });
  return values;
}

/** What all sections but these are worth. */
export function worthBeside(values: SectionValues, sections: ArrayLike<number>): Served {
  let { critical_W, customers, active_W } = values.all;
  for (let k = 0; k < sections.length; k++) {
    const section = sections[k]!;
    critical_W -= values.critical_W[section]!;
    customers -= values.customers[section]!;
    active_W -= values.active_W[section]!;
  }
  return { critical_W, customers, active_W };
}

/**
 * By section: 1 where it has to be served at the end. Nobody served now is left dark; where shedding
 * is allowed, still nobody critical.
 * @param out - sections that are not served now.
 */
export function sectionsToServe(
  { counts, isCritical }: SectionValues,
  allowShedding: boolean,
  out: ArrayLike<number>,
): Uint8Array {
  const must = (allowShedding ? isCritical : counts).slice();
  for (let k = 0; k < out.length; k++) must[out[k]!] = 0;
  return must;
}

/** Places of a byte, ascending. */
export function placesOf(column: Uint8Array, byte: number): Int32Array {
  const found: number[] = [];
  for (let at = column.indexOf(byte); at !== -1; at = column.indexOf(byte, at + 1)) found.push(at);
  return int32Of(found);
}
