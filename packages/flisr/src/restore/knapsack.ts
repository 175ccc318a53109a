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
  const rest: Served[] = [{ critical_W: 0, customers: 0, active_W: 0 }];
  for (const item of worthy.toReversed()) rest.unshift(plus(rest[0]!, item));
  let best = start;
  let looks = 0;
  const look = (at: number, left: number, taken: Served): void => {
    looks += 1;
    if (looks > LOOKS) return;
    if (compareServed(taken, best) < 0) best = taken;
    const item = worthy[at];
    if (item === undefined) return;
    const most = fractionalRest(worthy, at, left);
    const reach = {
      critical_W: taken.critical_W + Math.min(rest[at]!.critical_W, most.critical_W),
      customers: taken.customers + Math.min(rest[at]!.customers, most.customers),
      active_W: taken.active_W + Math.min(rest[at]!.active_W, most.active_W),
    };
    if (compareServed(reach, best) >= 0) return;
    if (item.weight <= left) look(at + 1, left - item.weight, plus(taken, item));
    look(at + 1, left, taken);
  };
  look(0, room, start);
  return looks > LOOKS ? plus(start, fractionalRest(worthy, 0, room)) : best;
}

function plus(a: Served, b: Served): Served {
  return {
    critical_W: a.critical_W + b.critical_W,
    customers: a.customers + b.customers,
    active_W: a.active_W + b.active_W,
  };
}

const TIERS = ['critical_W', 'customers', 'active_W'] as const;

/** Most worth of the items from one on, tier by tier, if each could be taken in part. */
function fractionalRest(items: readonly Item[], from: number, capacity: number): Served {
  const most = { critical_W: 0, customers: 0, active_W: 0 };
  for (const tier of TIERS) {
    const order = items
      .slice(from)
      .filter((item) => item[tier] > 0)
      .sort((a, b) => b[tier] * a.weight - a[tier] * b.weight);
    let left = capacity;
    for (const item of order) {
      const share = item.weight <= left ? 1 : left / item.weight;
      most[tier] += item[tier] * share;
      left -= item.weight * share;
      if (share < 1) break;
    }
    most[tier] = Math.floor(most[tier] + 1e-6);
  }
  return most;
}
