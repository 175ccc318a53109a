import { MILLIWATT_PER_PU } from './relaxation.ts';

/**
 * What the relaxation knows of one direction over an edge of the reduced graph. With P and Q the
 * power that goes on at its far end (mW), v² the square of a voltage (pu):
 *
 * - at its near end enters P + own + loss·P + … , never more than in truth;
 * - v²far = gain · v²near − drop, never less than in truth.
 */
export interface Way {
  ownActive: number;
  ownReactive: number;
  /** Losses that P and Q add to `own`, by P, by Q and by P² + Q². */
  lossByActive: number;
  lossByReactive: number;
  lossBySquare: number;
  reactiveLossByActive: number;
  reactiveLossByReactive: number;
  reactiveLossBySquare: number;
  gain: number;
  drop: number;
  dropByActive: number;
  dropByReactive: number;
  /** v²near is at least this, for what lies between the ends; 0 for nothing. */
  needs2: number;
  needsByActive: number;
  needsByReactive: number;
  /** The limit of current (squared) that binds first, and what flows there beside P, Q. */
  current2: number;
  limitActive: number;
  limitReactive: number;
  /** Square of the power that may enter: a transformer, which is a way of its own. */
  power2: number;
  /**
   * Resistance and reactance that lose by the voltage at the far end as far as it is known, with
   * the highest square of the voltage at the near end; 0 where `lossBy…` says it all.
   */
  windingResistance: number;
  windingReactance: number;
  highest2: number;
}

/** A way that costs nothing and limits nothing. */
export function freeWay(): Way {
  return {
    ownActive: 0,
    ownReactive: 0,
    lossByActive: 0,
    lossByReactive: 0,
    lossBySquare: 0,
    reactiveLossByActive: 0,
    reactiveLossByReactive: 0,
    reactiveLossBySquare: 0,
    gain: 1,
    drop: 0,
    dropByActive: 0,
    dropByReactive: 0,
    needs2: 0,
    needsByActive: 0,
    needsByReactive: 0,
    current2: Number.POSITIVE_INFINITY,
    power2: Number.POSITIVE_INFINITY,
    limitActive: 0,
    limitReactive: 0,
    windingResistance: 0,
    windingReactance: 0,
    highest2: 0,
  };
}

/** Power that goes on at a place, mW and mvar, and the square of the voltage that is needed there, pu. */
export interface Demand {
  active: number;
  reactive: number;
  needs2: number;
}

/** What a demand at the far end of a way is at its near end; limits of current and power apart. */
export function enterWay(way: Way, active: number, reactive: number, needs2: number, into: Demand) {
  const square = active * active + reactive * reactive;
  const drop = way.drop + way.dropByActive * active + way.dropByReactive * reactive;
  // A winding loses by the square of its current, and the voltage behind it is known to fall.
  const behind2 = (way.gain * way.highest2 - drop) * MILLIWATT_PER_PU;
  const current2 = behind2 > 0 ? square / behind2 : 0;
  into.active =
    active +
    way.ownActive +
    way.lossByActive * active +
    way.lossByReactive * reactive +
    way.lossBySquare * square +
    way.windingResistance * current2;
  into.reactive =
    reactive +
    way.ownReactive +
    way.reactiveLossByActive * active +
    way.reactiveLossByReactive * reactive +
    way.reactiveLossBySquare * square +
    way.windingReactance * current2;
  let needed = (needs2 + drop) / way.gain;
  if (way.needs2 > 0) {
    const within = way.needs2 + way.needsByActive * active + way.needsByReactive * reactive;
    if (within > needed) needed = within;
  }
  into.needs2 = needed;
}

/** One branch as a way passes it. */
export interface Passed {
  readonly resistance: number;
  readonly reactance: number;
  readonly gain: number;
  /** What the drop is multiplied by: 1, or the gain where the ratio lies behind the impedance. */
  readonly dropScale: number;
  readonly current2: number;
  /** 1 / v² by which losses are reckoned, v the highest possible; 0: no losses. */
  readonly perSquare: number;
}

interface Direction {
  readonly cosine: number;
  readonly sine: number;
}

/** Takes in what is drawn at the near end of a way, and the voltage it needs. */
export function meet(way: Way, active: number, reactive: number, needs2: number): void {
  if (needs2 >= way.needs2) {
    way.needs2 = needs2;
    way.needsByActive = 0;
    way.needsByReactive = 0;
  }
  way.ownActive += active;
  way.ownReactive += reactive;
}

/** Puts one branch more at the near end of a way. */
export function prepend(way: Way, weigh: Direction, branch: Passed): void {
  const { resistance, reactance, gain, dropScale: scale, current2 } = branch;
  const { ownActive, ownReactive } = way;
  const square = ownActive * ownActive + ownReactive * ownReactive;
  const perSquare = branch.perSquare / MILLIWATT_PER_PU;
  const byPower = (2 * resistance) / MILLIWATT_PER_PU;
  const byReactive = (2 * reactance) / MILLIWATT_PER_PU;
  const impedance2 = resistance * resistance + reactance * reactance;
  const drop =
    byPower * ownActive +
    byReactive * ownReactive +
    (impedance2 * perSquare * square) / MILLIWATT_PER_PU;
  keepTighter(way, current2, weigh);
  if (way.needs2 > 0) {
    way.needs2 += drop;
    way.needsByActive += byPower;
    way.needsByReactive += byReactive;
  }
  way.drop += drop * scale;
  way.dropByActive += byPower * scale;
  way.dropByReactive += byReactive * scale;
  way.gain *= gain;
  way.lossByActive += 2 * resistance * ownActive * perSquare;
  way.lossByReactive += 2 * resistance * ownReactive * perSquare;
  way.lossBySquare += resistance * perSquare;
  way.reactiveLossByActive += 2 * reactance * ownActive * perSquare;
  way.reactiveLossByReactive += 2 * reactance * ownReactive * perSquare;
  way.reactiveLossBySquare += reactance * perSquare;
  way.ownActive += resistance * perSquare * square;
  way.ownReactive += reactance * perSquare * square;
}

function keepTighter(way: Way, current2: number, { cosine, sine }: Direction): void {
  const left = (limit2: number, active: number, reactive: number): number =>
    Math.sqrt(limit2) * MILLIWATT_PER_PU - active * cosine - reactive * sine;
  if (current2 === Number.POSITIVE_INFINITY) return;
  const known = left(way.current2, way.limitActive, way.limitReactive);
  if (left(current2, way.ownActive, way.ownReactive) >= known) return;
  way.current2 = current2;
  way.limitActive = way.ownActive;
  way.limitReactive = way.ownReactive;
}
