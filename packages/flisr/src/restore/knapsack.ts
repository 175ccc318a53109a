import { compareServed, type Served } from './score.ts';

export interface Item extends Served {
  readonly weight: number;
  /** Must be taken. */
  readonly mandatory: boolean;
}

/** More than this many looks and the fractional bound is taken instead. */
const LOOKS = 500;

/**
 * The most, tier by tier, that items within a capacity can be worth together, each taken whole or
 * not at all. An upper bound where the search for it grows too long.
 */
export function bestWithin(items: readonly Item[], capacity: number): Served {
  let start: Served = { critical_W: 0, customers: 0, active_W: 0 };
  let room = capacity;
  for (const item of items) {
    if (!item.mandatory) continue;
    start = plus(start, item);
    room -= item.weight;
  }
  const worthy = items
    .filter((item) => !item.mandatory)
    .filter((item) => item.critical_W > 0 || item.customers > 0 || item.active_W > 0)
    .sort((a, b) => compareServed(a, b) || a.weight - b.weight);
  const choice = new Choice(worthy, start);
  choice.look(0, room, 0, 0, 0);
  return choice.looks > LOOKS ? plus(start, choice.fractional(0, room)) : choice.best;
}

function plus(a: Served, b: Served): Served {
  return {
    critical_W: a.critical_W + b.critical_W,
    customers: a.customers + b.customers,
    active_W: a.active_W + b.active_W,
  };
}

const TIERS = ['critical_W', 'customers', 'active_W'] as const;
type Tier = (typeof TIERS)[number];

/** Items taken or left one after the other, cut off where the rest cannot make up for it. */
class Choice {
  best: Served;
  looks = 0;
  readonly #items: readonly Item[];
  readonly #start: Served;
  /** For each tier the items of any worth, by worth per weight. */
  readonly #orders: Readonly<Record<Tier, readonly number[]>>;

  constructor(items: readonly Item[], start: Served) {
    this.#items = items;
    this.#start = start;
    this.best = start;
    const order = (tier: Tier): readonly number[] =>
      items
        .map((_, at) => at)
        .filter((at) => items[at]![tier] > 0)
        .sort((a, b) => {
          const [one, other] = [items[a]!, items[b]!];
          return other[tier] * one.weight - one[tier] * other.weight || a - b;
        });
    this.#orders = {
      critical_W: order('critical_W'),
      customers: order('customers'),
      active_W: order('active_W'),
    };
  }

  /** @param left - capacity; then what has been taken so far. */
  look(at: number, left: number, critical_W: number, customers: number, active_W: number): void {
    this.looks += 1;
    if (this.looks > LOOKS) return;
    const start = this.#start;
    const [critical, people, power] = [
      start.critical_W + critical_W,
      start.customers + customers,
      start.active_W + active_W,
    ];
    if (this.#isBetter(critical, people, power)) {
      this.best = { critical_W: critical, customers: people, active_W: power };
    }
    const item = this.#items[at];
    if (item === undefined || !this.#canImprove(at, left, critical, people, power)) return;
    if (item.weight <= left) {
      this.look(
        at + 1,
        left - item.weight,
        critical_W + item.critical_W,
        customers + item.customers,
        active_W + item.active_W,
      );
    }
    this.look(at + 1, left, critical_W, customers, active_W);
  }

  #isBetter(critical_W: number, customers: number, active_W: number): boolean {
    const best = this.best;
    if (critical_W !== best.critical_W) return critical_W > best.critical_W;
    if (customers !== best.customers) return customers > best.customers;
    return active_W > best.active_W;
  }

  /** True where what is left could make it better than the best so far, taken tier by tier. */
  #canImprove(
    at: number,
    left: number,
    critical_W: number,
    customers: number,
    active_W: number,
  ): boolean {
    const best = this.best;
    const critical = critical_W + this.#most('critical_W', at, left);
    if (critical !== best.critical_W) return critical > best.critical_W;
    const people = customers + this.#most('customers', at, left);
    if (people !== best.customers) return people > best.customers;
    return active_W + this.#most('active_W', at, left) > best.active_W;
  }

  /** Most worth of the items from one on if each could be taken in part. */
  #most(tier: Tier, from: number, capacity: number): number {
    let left = capacity;
    let worth = 0;
    for (const at of this.#orders[tier]) {
      if (at < from) continue;
      const item = this.#items[at]!;
      if (item.weight > left) {
        worth += (item[tier] * left) / item.weight;
        break;
      }
      worth += item[tier];
      left -= item.weight;
    }
    return Math.floor(worth + 1e-6);
  }

  fractional(from: number, capacity: number): Served {
    return {
      critical_W: this.#most('critical_W', from, capacity),
      customers: this.#most('customers', from, capacity),
      active_W: this.#most('active_W', from, capacity),
    };
  }
}
