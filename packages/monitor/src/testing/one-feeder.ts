import type {
  GridFile,
  JournalRecord,
  PointListFile,
  PointUpdate,
  PointValue,
  Signal,
} from '@relight/contract';
import { EnteredWords, FaultLedger, Places } from '../index.ts';

/**
 *   A ─CB─ a1 ─L1─ a2 ─S1─ a3 ─L2─ a4 ─R1─ a5 ─L3─ a6 ─TIE─ B
 * CB is a breaker, R1 a recloser, S1 and TIE load-break switches; TIE is normally open. Each line
 * has 1 ohm, and a photovoltaic plant stands at a6.
 */
export const node = (id: string) => ({ id, nominalVoltage_kV: 22 });
export const line = (id: string, from: string, to: string) => ({
  id,
  from,
  to,
  r_ohm: 0.5,
  x_ohm: 1,
});
export const GRID: GridFile = {
  format: 'relight-grid/1',
  id: 'one-feeder',
  nodes: ['A', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'B'].map(node),
  sources: [
    { id: 'src-A', node: 'A' },
    { id: 'src-B', node: 'B' },
  ],
  lines: [line('L1', 'a1', 'a2'), line('L2', 'a3', 'a4'), line('L3', 'a5', 'a6')],
  switches: [
    { id: 'CB', kind: 'breaker', from: 'A', to: 'a1', remote: true },
    { id: 'S1', kind: 'loadBreakSwitch', from: 'a2', to: 'a3', remote: true },
    { id: 'R1', kind: 'recloser', from: 'a4', to: 'a5', remote: true },
    { id: 'TIE', kind: 'loadBreakSwitch', from: 'a6', to: 'B', remote: true, normallyOpen: true },
  ],
  faultIndicators: [
    { id: 'P2', node: 'a3', line: 'L2', earthFault: true },
    { id: 'P3', node: 'a5', line: 'L3' },
  ],
  loads: [{ id: 'LD1', node: 'a2', p_kW: 100 }],
};
const SIGNALS: Readonly<Record<string, readonly Signal[]>> = {
  CB: [
    'position',
    'protectionTrip',
    'lockout',
    'lockoutRelay86',
    'tripFunction',
    'faultReactance_ohm',
  ],
  S1: ['position', 'faultIndicator', 'faultDirection'],
  R1: ['position', 'protectionTrip', 'tripFunction'],
  TIE: ['position', 'faultDirection'],
  P2: ['faultIndicator'],
  P3: ['faultIndicator'],
  LD1: ['lossOfSupply'],
};
export const POINTS: PointListFile = {
  format: 'relight-points/1',
  grid: GRID.id,
  rtus: [{ id: 'R', protocol: 'modbus-tcp' }],
  points: Object.entries(SIGNALS).flatMap(([equipment, signals]) =>
    signals.map((signal) => ({ id: `${equipment}.${signal}`, rtu: 'R', equipment, signal })),
  ),
};
/** The three sections by their nodes. */
export const [HEAD, MIDDLE, END] = [
  ['a1', 'a2'],
  ['a3', 'a4'],
  ['a5', 'a6'],
];
export const ALL = [HEAD, MIDDLE, END].flat();

export const DAY_ms = 86_400_000;

/** A ledger that watches the feeder, all well a minute ago. */
export class Watch {
  readonly ledger: FaultLedger;
  readonly words: EnteredWords;
  now_ms = 0;
  #sequence = 0;

  constructor(changes: Partial<GridFile> = {}) {
    const grid = { ...GRID, ...changes };
    this.words = new EnteredWords(grid, DAY_ms);
    this.ledger = new FaultLedger(grid, POINTS, new Places(grid), this.words);
    this.report({
      'CB.position': 'closed',
      'S1.position': 'closed',
      'R1.position': 'closed',
      'TIE.position': 'open',
      'S1.faultIndicator': false,
      'P2.faultIndicator': false,
      'P3.faultIndicator': false,
      'LD1.lossOfSupply': false,
    });
    this.now_ms = 60_000;
  }

  report(values: Readonly<Record<string, PointValue>>, quality: PointUpdate['quality'] = 'good') {
    this.ledger.read(
      Object.entries(values).map(([point, value]) => {
        this.#sequence += 1;
        const sequence = this.#sequence;
        return { point, value, quality, sourceTime_ms: null, receiveTime_ms: 0, sequence };
      }),
      this.now_ms,
    );
  }

  note(kind: JournalRecord['kind'], about: string, body: JournalRecord['body']): void {
    const record = { sequence: 1, at_ms: 0, input: 1, kind, by: 'An', about, body };
    this.words.take([record], this.now_ms);
    this.ledger.take([record], this.now_ms);
  }

  keeps(...sections: string[]): void {
    this.keepsBy('SC-0001', ...sections);
  }

  keepsBy(incident: string, ...sections: string[]): void {
    this.note('incident', incident, { keepsDead: sections, openedAt_ms: 0 });
  }

  lift(incident: string, ...sections: string[]): void {
    this.note('approval', incident, { decision: 'liftBlocks', lifts: sections });
  }

  command(equipment: string, operation: 'open' | 'close'): void {
    this.note('command', `C-${equipment}`, { state: 'executing', equipment, operation });
    this.report({ [`${equipment}.position`]: operation === 'open' ? 'open' : 'closed' });
    this.note('command', `C-${equipment}`, { state: 'verified', equipment, operation });
  }

  /** CB trips and locks out. */
  trip(tripFunction: PointValue = '50', more: Readonly<Record<string, PointValue>> = {}): void {
    this.report({
      ...more,
      'CB.position': 'open',
      'CB.protectionTrip': true,
      'CB.tripFunction': tripFunction,
    });
  }

  get faulted(): readonly string[] {
    return this.ledger.faulted(this.now_ms);
  }
}
