import type { GridFile } from '@relight/contract';
import type { RandomStream } from '@relight/foundation';

/** A section of a random feeder: one line behind one switch with a fault indicator. */
export interface FeederSection {
  readonly line: string;
  /** Load with a meter, at the far end of the line. */
  readonly meter: string;
  /** Switch at its source side; the feeder's breaker in front of the first. */
  readonly border: string;
  /** The indicator at the border tells a direction. */
  readonly directional: boolean;
  /** Section in front, −1 for the first. */
  readonly above: number;
  readonly length_m: number;
  readonly reactance_ohm: number;
}

export interface RandomFeeder {
  readonly file: GridFile;
  readonly sections: readonly FeederSection[];
  /** Sections at the end of which a generator stands. */
  readonly generatorsIn: readonly number[];
}

export const BREAKER = 'CB';
const REACTANCE_OHM_PER_KM = 0.35;

/**
 * A radial feeder of 3 to 14 sections with laterals, an indicator at every border, some of them
 * directional, a meter in every section, and sometimes a generator.
 */
export function randomFeeder(chance: RandomStream, withGenerators: boolean): RandomFeeder {
  const sections: FeederSection[] = [];
  const nodes = [{ id: 'C41', nominalVoltage_kV: 22, busbar: true }];
  const lines: NonNullable<GridFile['lines']> = [];
  const switches: NonNullable<GridFile['switches']> = [];
  const loads: NonNullable<GridFile['loads']> = [];
  const generators: NonNullable<GridFile['generators']> = [];
  const generatorsIn: number[] = [];
  const count = chance.integer(3, 14);
  for (let at = 0; at < count; at++) {
    const isLateral = chance.next() < 0.4;
    const above = at === 0 ? -1 : isLateral ? chance.integer(0, at - 1) : at - 1;
    const length_m = chance.integer(80, 2500);
    const reactance_ohm = (length_m / 1000) * REACTANCE_OHM_PER_KM;
    const [near, far] = [`n${at}a`, `n${at}b`];
    const border = at === 0 ? BREAKER : `S${at}`;
    nodes.push({ id: near, nominalVoltage_kV: 22, busbar: false });
    nodes.push({ id: far, nominalVoltage_kV: 22, busbar: false });
    lines.push({
      id: `L${at}`,
      from: near,
      to: far,
      length_m,
      r_ohm: reactance_ohm,
      x_ohm: reactance_ohm,
    });
    switches.push({
      id: border,
      kind: at === 0 ? 'breaker' : 'loadBreakSwitch',
      from: above === -1 ? 'C41' : `n${above}b`,
      to: near,
      remote: true,
      faultIndicator: at > 0,
    });
    loads.push({ id: `D${at}`, node: far, p_kW: 100, customers: 50 });
    if (chance.next() < 0.05 && withGenerators) {
      generators.push({ id: `PV${at}`, node: far, p_kW: 500 });
      generatorsIn.push(at);
    }
    sections.push({
      line: `L${at}`,
      meter: `D${at}`,
      border,
      directional: at > 0 && chance.next() < 0.3,
      above,
      length_m,
      reactance_ohm,
    });
  }
  return {
    file: {
      format: 'relight-grid/1',
      id: 'random-feeder',
      nodes,
      sources: [{ id: 'SRC', node: 'C41' }],
      lines,
      switches,
      loads,
      generators,
      feeders: [{ id: 'F', head: BREAKER }],
    },
    sections,
    generatorsIn,
  };
}

/** The sections from the first to one, both included, nearest the source first. */
export function wayTo(
  { sections }: Pick<RandomFeeder, 'sections'>,
  section: number,
): readonly number[] {
  const way: number[] = [];
  for (let at = section; at !== -1; at = sections[at]!.above) way.unshift(at);
  return way;
}

/** Indicators, by switch, with what each shows of a fault in a section if it is right. */
export function rightIndications(
  feeder: RandomFeeder,
  section: number,
): ReadonlyMap<string, boolean> {
  const way = new Set(wayTo(feeder, section));
  return new Map(
    feeder.sections.slice(1).map((each, before) => [each.border, way.has(before + 1)]),
  );
}

/** Reactance from the breaker to a point of a section, as a share of its line. */
export function reactanceTo(feeder: RandomFeeder, section: number, share: number): number {
  let sum = 0;
  for (const at of wayTo(feeder, section)) {
    sum += feeder.sections[at]!.reactance_ohm * (at === section ? share : 1);
  }
  return sum;
}
