import type { Edge, ReducedGraph } from './reduced-graph.ts';
import { MILLIWATT_PER_PU } from './relaxation.ts';
import type { Pendant } from './pendant-loads.ts';
import { enterWay, type Demand, type Way } from './way.ts';

/** A pendant with the joint of the block that it draws from. */
export interface HungPendant extends Pendant {
  readonly joint: number;
}

const SQUARE_MW = MILLIWATT_PER_PU * MILLIWATT_PER_PU;

/** A block as it is fed at one of its joints, with what hangs on it alone; no meshes in it. */
export class RootedBlock {
  readonly #pendants: readonly HungPendant[];
  /** Joints, each after the one that feeds it. */
  readonly #joints: number[];
  readonly #place = new Map<number, number>();
  /** By place: that of the joint that feeds it, and the way from there. */
  readonly #parent: number[] = [-1];
  readonly #way: (Way | null)[] = [null];
  /** By place, without a demand from beyond: what goes on there, and what enters the way to it. */
  readonly #here: Demand[] = [];
  readonly #before: Demand[] = [];
  #isPossible = true;

  /** @param root - joint at which it is fed. */
  constructor(graph: ReducedGraph, root: number, pendants: readonly HungPendant[]) {
    this.#pendants = pendants;
    this.#joints = [root];
    this.#place.set(root, 0);
    const edgeTo: (Edge | null)[] = [null];
    for (let at = 0; at < this.#joints.length; at++) {
      const joint = this.#joints[at]!;
      for (const edge of graph.edges[joint]!) {
        if (edge === edgeTo[at]) continue;
        const isThere = edge.a === joint;
        const far = isThere ? edge.b : edge.a;
        // A transformer is never energised from its lower voltage.
        if (edge.feedsBack === (isThere ? 1 : -1)) this.#isPossible = false;
        this.#place.set(far, this.#joints.length);
        this.#joints.push(far);
        edgeTo.push(edge);
        this.#parent.push(at);
        this.#way.push(isThere ? edge.there : edge.back);
      }
    }
    if (!this.#isPossible) return;
    const here = this.#joints.map((joint) => ({
      active: graph.active_mW[joint]!,
      reactive: graph.reactive_mvar[joint]!,
      needs2: graph.needs2_pu[joint]!,
    }));
    for (const { joint, active, reactive } of pendants) {
      const own = here[this.#place.get(joint)!]!;
      own.active += active;
      own.reactive += reactive;
    }
    this.#here = here;
    this.#before = here.map((demand) => ({ ...demand }));
    for (let at = here.length - 1; at > 0; at--) {
      const entering = this.#before[at]!;
      const above = here[this.#parent[at]!]!;
      if (!this.#enter(at, here[at]!, entering)) this.#isPossible = false;
      addTo(above, entering);
    }
  }

  /**
   * What enters it for a demand at a joint, beside its own load; null where a limit breaks.
   * @param from - number of the block that the demand comes from; what of its pendant is not in the
   *   demand draws all the same.
   */
  meet(joint: number, demand: Demand, from: number): Demand | null {
    if (!this.#isPossible) return null;
    const met = { ...demand };
    let countedTwiceActive = 0;
    let countedTwiceReactive = 0;
    for (const pendant of this.#pendants) {
      if (from < pendant.first || from > pendant.last) continue;
      if (pendant.joint === joint) {
        met.active = Math.max(0, met.active - pendant.active);
        met.reactive = Math.max(0, met.reactive - pendant.reactive);
      } else {
        countedTwiceActive = pendant.active;
        countedTwiceReactive = pendant.reactive;
      }
    }
    for (let at = this.#place.get(joint)!; ; at = this.#parent[at]!) {
      addTo(met, this.#here[at]!);
      if (at === 0) break;
      if (!this.#enter(at, met, met)) return null;
      met.active -= this.#before[at]!.active;
      met.reactive -= this.#before[at]!.reactive;
    }
    met.active -= countedTwiceActive;
    met.reactive -= countedTwiceReactive;
    return met;
  }

  /** From a joint to the near end of the way to it; false where that breaks a limit of power. */
  #enter(at: number, { active, reactive, needs2 }: Demand, into: Demand): boolean {
    const way = this.#way[at]!;
    enterWay(way, active, reactive, needs2, into);
    if (way.current2 !== Number.POSITIVE_INFINITY) {
      const p = active + way.limitActive;
      const q = reactive + way.limitReactive;
      into.needs2 = Math.max(into.needs2, (p * p + q * q) / SQUARE_MW / way.current2);
    }
    const entering2 = into.active * into.active + into.reactive * into.reactive;
    return entering2 <= way.power2 * SQUARE_MW;
  }
}

function addTo(sum: Demand, { active, reactive, needs2 }: Demand): void {
  sum.active += active;
  sum.reactive += reactive;
  if (needs2 > sum.needs2) sum.needs2 = needs2;
}
