import type { Blocks } from './blocks.ts';
import type { Supply } from './ground.ts';
import { highestVoltages } from './highest-voltages.ts';
import type { ReducedGraph } from './reduced-graph.ts';
import type { Relaxation } from './relaxation.ts';
import type { SupplyWays } from './supply-ways.ts';
import type { Demand } from './way.ts';
import type { Network } from '@relight/topology';

/** A switch between what is dead and what is live. */
export interface Entry {
  readonly at: number;
  /** Its live end. */
  readonly side: 'from' | 'to';
  readonly node: number;
}

/** Halvings by which the most that an entry carries is found: to a thousandth of the range. */
const HALVINGS = 10;

/** What the switches into the dead area can carry, each as if nothing went through the others. */
export class SupplyOfEntries implements Supply {
  /** By entry: highest square of the voltage there, pu. */
  readonly voltage2_pu: Float64Array;
  /** By entry: weight of loads from which on it carries no more, mW. */
  readonly #end_mW: Float64Array;
  readonly #entries: readonly Entry[];
  readonly #ways: SupplyWays;
  /** Least active and reactive power in loads of a weight of 1. */
  readonly #active: number;
  readonly #reactive: number;
  /** By entry: demands that were met, and such as were not. */
  readonly #met: Demand[][];
  readonly #unmet: Demand[][];

  /** @param graph - of the dead area. */
  constructor(
    network: Network,
    { cosine, sine }: Relaxation,
    blocks: Blocks,
    graph: ReducedGraph,
    entries: readonly Entry[],
    ways: SupplyWays,
  ) {
    this.#entries = entries;
    this.#ways = ways;
    this.#met = entries.map(() => []);
    this.#unmet = entries.map(() => []);
    const [least, most] = graph.tangents;
    // Infinity: loads of reactive power alone.
    this.#active = sine > 0 ? 1 / (cosine + sine * most) : 1;
    this.#reactive =
      least === Number.POSITIVE_INFINITY ? 1 / sine : least / (cosine + sine * least);
    const lowest2 = graph.needs2_pu.reduce((low, needs2) => Math.min(low, needs2), 2);
    const all_mW = blocks.weight_mW.reduce((sum, weight) => sum + weight, 0);
    const highest = highestVoltages(network);
    this.#end_mW = new Float64Array(entries.length);
    this.voltage2_pu = new Float64Array(entries.length);
    entries.forEach(({ node }, entry) => {
      const isFed = (weight: number): boolean =>
        this.carries(entry, {
          active: weight * this.#active,
          reactive: weight * this.#reactive,
          needs2: lowest2,
        });
      const isLit = (needs2: number): boolean =>
        this.carries(entry, { active: 0, reactive: 0, needs2 });
      const top2 = highest[node]! * highest[node]!;
      this.#end_mW[entry] = isFed(all_mW) ? Number.POSITIVE_INFINITY : endOf(0, all_mW, isFed);
      this.voltage2_pu[entry] = isLit(top2) ? top2 : endOf(lowest2, top2, isLit);
    });
  }

  room(entry: number, active_mW: number, reactive_mvar: number): number {
    const byReactive =
      this.#reactive > 0 ? reactive_mvar / this.#reactive : Number.POSITIVE_INFINITY;
    const byActive = this.#active > 0 ? active_mW / this.#active : Number.POSITIVE_INFINITY;
    const drawn = Math.min(byActive, byReactive);
    return drawn === Number.POSITIVE_INFINITY ? drawn : this.#end_mW[entry]! - drawn;
  }

  carries(entry: number, demand: Demand): boolean {
    if (this.#met[entry]!.some((met) => isWithin(demand, met))) return true;
    if (this.#unmet[entry]!.some((unmet) => isWithin(unmet, demand))) return false;
    const { at, side } = this.#entries[entry]!;
    const carries = this.#ways.carries(at, side, demand);
    (carries ? this.#met : this.#unmet)[entry]!.push(demand);
    return carries;
  }
}

/** True where a demand is no greater than another in anything. */
function isWithin(one: Demand, other: Demand): boolean {
  return one.active <= other.active && one.reactive <= other.reactive && one.needs2 <= other.needs2;
}

/** A value at which something is not met any more, a little above the first one. */
function endOf(low: number, high: number, isMet: (value: number) => boolean): number {
  let [met, unmet] = [low, high];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (met + unmet) / 2;
    if (isMet(middle)) met = middle;
    else unmet = middle;
  }
  return unmet;
}
