import type {
  GridFile,
  JournalRecord,
  PointListFile,
  PointUpdate,
  PointValue,
  Signal,
} from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { EnteredWords, FaultLedger, Places } from './index.ts';

/**
 *   A ─CB─ a1 ─L1─ a2 ─S1─ a3 ─L2─ a4 ─R1─ a5 ─L3─ a6 ─TIE─ B
 * CB is a breaker, R1 a recloser, S1 and TIE load-break switches; TIE is normally open. Each line
 * has 1 ohm, and a photovoltaic plant stands at a6.
 */
const node = (id: string) => ({ id, nominalVoltage_kV: 22 });
const line = (id: string, from: string, to: string) => ({ id, from, to, r_ohm: 0.5, x_ohm: 1 });
const GRID: GridFile = {
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
const POINTS: PointListFile = {
  format: 'relight-points/1',
  grid: GRID.id,
  rtus: [{ id: 'R', protocol: 'modbus-tcp' }],
  points: Object.entries(SIGNALS).flatMap(([equipment, signals]) =>
    signals.map((signal) => ({ id: `${equipment}.${signal}`, rtu: 'R', equipment, signal })),
  ),
};
/** The three sections by their nodes. */
const [HEAD, MIDDLE, END] = [
  ['a1', 'a2'],
  ['a3', 'a4'],
  ['a5', 'a6'],
];
const ALL = [HEAD, MIDDLE, END].flat();

const DAY_ms = 86_400_000;

class Watch {
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

describe('without a word of the engine', () => {
  test('all that a trip took stays dead as long as nothing tells where the fault is', () => {
    const watch = new Watch({ faultIndicators: [] });
    watch.report({ 'S1.faultIndicator': false }, 'notTopical');
    watch.trip();
    // R1 would have tripped for a fault beyond it.
    expect(watch.faulted).toEqual([HEAD, MIDDLE].flat());
  });

  test('the section behind the last indicator that fault current passed stays dead', () => {
    const watch = new Watch();
    watch.trip('50', { 'S1.faultIndicator': true });
    expect(watch.faulted).toEqual(MIDDLE);
  });

  test('a direction away from the source is a passage, one towards it is none', () => {
    const away = new Watch();
    away.trip('50', { 'S1.faultDirection': 'none' });
    away.report({ 'S1.faultDirection': 'forward' });
    expect(away.faulted).toEqual(MIDDLE);
    const towards = new Watch();
    towards.trip('50', { 'S1.faultDirection': 'none' });
    towards.report({ 'S1.faultDirection': 'reverse' });
    expect(towards.faulted).toEqual(HEAD.concat(MIDDLE));
  });

  test('an indicator for earth faults proves nothing by its silence in a fault between phases', () => {
    const between = new Watch({
      switches: GRID.switches!.map((s) => ({ ...s, protects: s.id === 'CB' })),
    });
    between.report({ 'S1.faultIndicator': true, 'P3.faultIndicator': true }, 'invalid');
    between.trip('50');
    expect(between.faulted).toEqual(ALL);
    const earth = new Watch({
      switches: GRID.switches!.map((s) => ({ ...s, protects: s.id === 'CB' })),
    });
    earth.report({ 'S1.faultIndicator': true, 'P3.faultIndicator': true }, 'invalid');
    earth.trip('50N');
    expect(earth.faulted).toEqual(HEAD);
  });

  test('a part that still has voltage after the trip holds no permanent fault', () => {
    const watch = new Watch({ faultIndicators: [] });
    watch.report({ 'S1.faultIndicator': false }, 'notTopical');
    watch.trip('50', { 'LD1.lossOfSupply': true });
    watch.now_ms += 1_000;
    watch.report({ 'LD1.lossOfSupply': false });
    expect(watch.faulted).toEqual(MIDDLE);
  });

  test('the reactance of the relay tells two sections apart', () => {
    const grid = {
      faultIndicators: [],
      switches: GRID.switches!.map((s) => ({ ...s, protects: s.id === 'CB' })),
    };
    const watch = new Watch(grid);
    watch.report({ 'S1.faultIndicator': false }, 'notTopical');
    watch.trip('50', { 'CB.faultReactance_ohm': 1.5 });
    expect(watch.faulted).toEqual(MIDDLE);
    const nowhere = new Watch(grid);
    nowhere.report({ 'S1.faultIndicator': false }, 'notTopical');
    nowhere.trip('50', { 'CB.faultReactance_ohm': 40 });
    expect(nowhere.faulted).toEqual(ALL);
  });

  test('unit protection condemns what stands at the device', () => {
    const watch = new Watch();
    watch.trip('87B');
    expect(watch.faulted).toEqual(['A', ...HEAD]);
  });

  test('where two protective devices tripped for one fault the nearer one says where it is', () => {
    const watch = new Watch();
    watch.report({ 'R1.position': 'open', 'R1.protectionTrip': true });
    watch.trip('51');
    expect(watch.faulted).toEqual(END);
  });

  test('a device that stands open and tripped when first read counts as just tripped', () => {
    const ledger = new FaultLedger(GRID, POINTS);
    const found = (point: string, value: PointValue, sequence: number): PointUpdate => ({
      point,
      value,
      quality: 'good',
      sourceTime_ms: null,
      receiveTime_ms: 0,
      sequence,
    });
    ledger.read(
      [
        found('CB.position', 'open', 1),
        found('CB.lockout', true, 2),
        found('S1.position', 'closed', 3),
        found('R1.position', 'closed', 4),
        found('TIE.position', 'open', 5),
        found('S1.faultIndicator', true, 6),
      ],
      0,
    );
    expect(ledger.faulted(0)).toEqual(MIDDLE);
  });

  test('an open by command is no trip, even if the relay still shows an earlier one', () => {
    const watch = new Watch();
    watch.report({ 'CB.protectionTrip': true });
    watch.now_ms += 60_000;
    watch.command('CB', 'open');
    watch.report({ 'CB.tripFunction': '50' });
    expect(watch.faulted).toEqual([]);
  });

  test('a fault in the very moment of our own open is one all the same', () => {
    const watch = new Watch();
    watch.note('command', 'C1', { state: 'executing', equipment: 'CB', operation: 'open' });
    watch.trip('50', { 'S1.faultIndicator': true });
    expect(watch.faulted).toEqual(MIDDLE);
  });
});

describe('a fault is over', () => {
  test('once the reclose has held, and not before', () => {
    const watch = new Watch();
    watch.trip('50', { 'S1.faultIndicator': true });
    watch.report({ 'CB.position': 'closed', 'CB.protectionTrip': false });
    expect(watch.faulted).toEqual(MIDDLE);
    watch.now_ms += 4_000;
    expect(watch.faulted).toEqual(MIDDLE);
    watch.now_ms += 1_000;
    expect(watch.faulted).toEqual([]);
  });

  test('not for the section that a sectionaliser took off in the dead time', () => {
    const watch = new Watch();
    watch.trip('50', { 'S1.faultIndicator': true });
    watch.report({ 'S1.position': 'open' });
    watch.report({ 'CB.position': 'closed', 'CB.protectionTrip': false });
    watch.now_ms += 10_000;
    watch.report({});
    expect(watch.faulted).toEqual(MIDDLE);
  });

  test('not by a reclose that trips again: it is one fault with all its indications', () => {
    const watch = new Watch();
    watch.trip('50', { 'S1.faultIndicator': true });
    watch.now_ms += 2_000;
    watch.report({ 'CB.position': 'closed', 'CB.protectionTrip': false });
    watch.now_ms += 1_000;
    watch.trip('50');
    watch.report({ 'S1.faultIndicator': false });
    watch.now_ms += 20_000;
    expect(watch.faulted).toEqual(MIDDLE);
  });

  test('where people declare its section clear, and only there', () => {
    const watch = new Watch();
    watch.trip('50', { 'S1.faultIndicator': true });
    watch.keeps('S.a3', 'S.a1');
    watch.note('approval', 'SC-0001', { decision: 'liftBlocks', lifts: ['S.a3'] });
    expect(watch.faulted).toEqual(HEAD);
  });

  test('after a trial that tripped everywhere but in what the trial energised', () => {
    const watch = new Watch({ faultIndicators: [] });
    watch.report({ 'S1.faultIndicator': false }, 'notTopical');
    watch.trip();
    watch.keeps('S.a1', 'S.a3');
    watch.command('S1', 'open');
    watch.note('approval', 'SC-0001', {
      trialClose: { command: 'C-CB', equipment: 'CB', sections: ['S.a1'] },
    });
    watch.now_ms += 60_000;
    watch.report({ 'CB.protectionTrip': false });
    watch.command('CB', 'close');
    watch.now_ms += 1_000;
    watch.trip();
    watch.keeps('S.a1');
    expect(watch.faulted).toEqual(HEAD);
  });

  test('after a trial that held, in what the trial energised', () => {
    const watch = new Watch({ faultIndicators: [] });
    watch.report({ 'S1.faultIndicator': false }, 'notTopical');
    watch.trip();
    watch.keeps('S.a1', 'S.a3');
    watch.command('S1', 'open');
    watch.report({ 'CB.protectionTrip': false });
    watch.command('CB', 'close');
    watch.now_ms += 5_000;
    watch.keeps('S.a3');
    expect(watch.faulted).toEqual(MIDDLE);
  });
});

test('a trip upon a later close of a device whose trial held is a fault, not its answer', () => {
  const watch = new Watch({ faultIndicators: [] });
  watch.report({ 'S1.faultIndicator': false }, 'notTopical');
  watch.trip();
  watch.keeps('S.a1', 'S.a3');
  watch.command('S1', 'open');
  watch.note('approval', 'SC-0001', {
    trialClose: { command: 'C-CB', equipment: 'CB', sections: ['S.a1'] },
  });
  watch.now_ms += 60_000;
  watch.report({ 'CB.protectionTrip': false });
  watch.command('CB', 'close');
  watch.now_ms += 60_000;
  watch.note('approval', 'SC-0001', { decision: 'liftBlocks', lifts: ['S.a3'] });
  watch.keeps();
  expect(watch.faulted).toEqual([]);
  watch.command('CB', 'open');
  watch.now_ms += 3_600_000;
  watch.command('CB', 'close');
  watch.now_ms += 1_000;
  watch.trip();
  expect(watch.faulted).toEqual(HEAD);
});

describe('a switch without telemetry', () => {
  /** S1 sends nothing; a person says where it stands. */
  const handOperated = (): Watch => {
    const watch = new Watch({ faultIndicators: [] });
    watch.report({ 'S1.faultIndicator': false }, 'notTopical');
    return watch;
  };
  const entered = (position: 'open' | 'closed') => ({ equipment: 'HAND', position });
  /** As the feeder, and behind R1 a hand switch to a part of its own. */
  const withHand = (normallyOpen: boolean): Watch => {
    const watch = new Watch({
      nodes: [...GRID.nodes, ...['h1', 'h2'].map(node)],
      lines: [...GRID.lines!, line('LH', 'h1', 'h2')],
      faultIndicators: [],
      switches: [
        ...GRID.switches!.map((each) => ({ ...each, protects: each.id === 'CB' })),
        { id: 'HAND', kind: 'disconnector', from: 'a2', to: 'h1', remote: false, normallyOpen },
      ],
    });
    watch.report({ 'S1.faultIndicator': false }, 'notTopical');
    return watch;
  };

  test('counts as in the grid file for the next trip once the word on it has been taken back', () => {
    const watch = withHand(false);
    watch.note('position', 'HAND', { entered: entered('open') });
    watch.note('position', 'HAND', { removed: entered('open'), reason: 'another was meant' });
    watch.trip();
    expect(watch.faulted).toEqual([...ALL, 'h1', 'h2']);
  });

  test('keeps what lies behind it out of a trip while a fresh word says that it stands open', () => {
    const watch = withHand(false);
    watch.note('position', 'HAND', { entered: entered('open') });
    watch.trip();
    expect(watch.faulted).toEqual(ALL);
  });

  test('may stand closed once the word has grown old, though nobody put that on record', () => {
    const watch = withHand(true);
    watch.note('position', 'HAND', { entered: entered('open') });
    watch.now_ms += DAY_ms;
    watch.trip();
    expect(watch.faulted).toEqual([...ALL, 'h1', 'h2']);
  });

  test('may stand closed as soon as the record calls the word doubtful', () => {
    const watch = withHand(true);
    watch.note('position', 'HAND', { entered: entered('open') });
    watch.note('position', 'HAND', { doubtful: entered('open') });
    watch.trip();
    expect(watch.faulted).toEqual([...ALL, 'h1', 'h2']);
  });

  test('proves no supply to what lies behind it by a word that has grown old', () => {
    const watch = withHand(true);
    watch.note('position', 'HAND', { entered: entered('closed') });
    watch.now_ms += DAY_ms;
    watch.keeps('S.h1');
    watch.keeps();
    // With a fresh word it would be live, and what the engine forgets would be explained.
    expect(watch.faulted).toEqual(['h1', 'h2']);
    watch.note('position', 'HAND', { entered: entered('closed') });
    watch.keeps();
    expect(watch.faulted).toEqual([]);
  });

  test('is not open because somebody took a closed or a doubtful word back', () => {
    for (const [position, age_ms] of [
      ['closed', 0],
      ['open', DAY_ms],
    ] as const) {
      const watch = withHand(true);
      watch.note('position', 'HAND', { entered: entered(position) });
      watch.now_ms += age_ms;
      watch.note('position', 'HAND', { removed: entered(position), reason: 'unsure' });
      watch.trip();
      expect(watch.faulted).toEqual([...ALL, 'h1', 'h2']);
    }
  });

  test('is no younger after a restart', () => {
    const words = new EnteredWords(GRID, DAY_ms);
    const word = (equipment: string, at_ms: number) => ({
      equipment,
      position: 'open' as const,
      text: '',
      by: 'an',
      byName: 'An',
      at_ms,
    });
    const now_ms = 10 * DAY_ms;
    const positions = [
      word('X', now_ms - DAY_ms),
      word('Y', now_ms - 1),
      word('Z', now_ms + 5_000),
    ];
    const left = { lastIncident: 0, keptDead: [], openCommands: [], positions };
    words.carryOver(left, now_ms, 100);
    expect([...words.all(100)]).toEqual([
      ['X', 'doubtful'],
      ['Y', 'open'],
      ['Z', 'open'],
    ]);
    expect(words.on('Z', 100 + DAY_ms)).toBe('doubtful');
  });

  test('that reports takes nobody’s word', () => {
    const watch = handOperated();
    watch.note('position', 'S1', { entered: { equipment: 'S1', position: 'open' } });
    watch.trip();
    expect(watch.faulted).toEqual([HEAD, MIDDLE].flat());
  });
});

describe('what the engine puts on record', () => {
  test('is kept dead beside what the monitor holds', () => {
    const watch = new Watch();
    watch.trip('50', { 'S1.faultIndicator': true });
    watch.keeps('S.a1', 'S.a3');
    expect(watch.faulted).toEqual(HEAD.concat(MIDDLE));
  });

  test('does not fall away by itself after a restart, when no trip of this run stands for it', () => {
    const watch = new Watch();
    watch.ledger.carryOver({
      lastIncident: 1,
      keptDead: [{ incident: 'SC-0001', openedAt_ms: 0, sections: ['S.a5', 'S.gone'] }],
      openCommands: [],
    });
    watch.command('R1', 'open');
    expect(watch.faulted).toEqual(END);
    watch.keeps();
    expect(watch.faulted).toEqual(END);
    watch.note('approval', 'SC-0001', { decision: 'liftBlocks', lifts: ['S.a5'] });
    expect(watch.faulted).toEqual([]);
  });

  test('falls away where the part has come back to life', () => {
    const watch = new Watch();
    watch.keeps('S.a1');
    watch.keeps();
    expect(watch.faulted).toEqual([]);
  });
});

test('a line with an earth fault that is to run on is lifted for the incident that keeps it', () => {
  const watch = new Watch();
  watch.command('R1', 'open');
  watch.keepsBy('SC-0001', 'S.a5');
  watch.note('approval', 'EF-1', { action: 'runFor', lifts: ['S.a5'], incident: 'SC-0001' });
  watch.keepsBy('SC-0001');
  expect(watch.faulted).toEqual([]);
});

describe('a section that two incidents keep dead', () => {
  /** Both keep the middle; the second keeps the end as well. */
  const shared = (): Watch => {
    const watch = new Watch();
    watch.command('S1', 'open');
    watch.command('R1', 'open');
    watch.keepsBy('SC-0001', 'S.a3');
    watch.keepsBy('SC-0002', 'S.a3', 'S.a5');
    return watch;
  };

  test('stays dead until both are lifted', () => {
    const watch = shared();
    watch.lift('SC-0001', 'S.a3');
    watch.keepsBy('SC-0001');
    expect(watch.faulted).toEqual([MIDDLE, END].flat());
    watch.lift('SC-0002', 'S.a3', 'S.a5');
    expect(watch.faulted).toEqual([]);
  });

  test('stays dead by the monitor’s own account of a trip too, as long as one is not lifted', () => {
    const watch = new Watch();
    watch.trip('50', { 'S1.faultIndicator': true });
    watch.keepsBy('SC-0001', 'S.a3');
    watch.keepsBy('SC-0002', 'S.a3');
    watch.lift('SC-0001', 'S.a3');
    watch.keepsBy('SC-0001');
    // The engine loses the second claim without a word of anybody.
    watch.keepsBy('SC-0002');
    expect(watch.faulted).toEqual(MIDDLE);
    watch.lift('SC-0002', 'S.a3');
    expect(watch.faulted).toEqual([]);
  });

  test('is energised by the declared trial of one of them as little as by any other close', () => {
    const watch = shared();
    expect(watch.ledger.triable('SC-0001', ['S.a3'])).toEqual([]);
    expect(watch.ledger.triable('SC-0002', ['S.a3', 'S.a5'])).toEqual(END);
  });

  test('names both, and a trip of the monitor’s own account names its device', () => {
    expect(shared().ledger.held(60_000)).toEqual([
      { section: 'S.a3', nodes: MIDDLE, incidents: ['SC-0001', 'SC-0002'], trips: [] },
      { section: 'S.a5', nodes: END, incidents: ['SC-0002'], trips: [] },
    ]);
    const watch = new Watch();
    watch.trip('50', { 'S1.faultIndicator': true });
    expect(watch.ledger.held(watch.now_ms)).toEqual([
      { section: 'S.a3', nodes: MIDDLE, incidents: [], trips: ['CB'] },
    ]);
  });
});

test('what an earlier run kept dead does not shrink by itself: only by a lift, or where it is live', () => {
  const watch = new Watch();
  watch.ledger.carryOver({
    lastIncident: 1,
    keptDead: [{ incident: 'SC-0001', openedAt_ms: 0, sections: ['S.a3', 'S.a5'] }],
    openCommands: [],
  });
  watch.command('S1', 'open');
  watch.command('R1', 'open');
  watch.keeps('S.a3');
  expect(watch.faulted).toEqual([MIDDLE, END].flat());
  watch.lift('SC-0001', 'S.a5');
  watch.keeps('S.a3');
  expect(watch.faulted).toEqual(MIDDLE);
});

test('a second fault after the plan has closed the breaker again is one of its own', () => {
  const watch = new Watch();
  watch.trip('50', { 'S1.faultIndicator': true });
  watch.keeps('S.a3');
  watch.command('S1', 'open');
  watch.report({ 'CB.protectionTrip': false });
  watch.command('CB', 'close');
  watch.now_ms += 30_000;
  expect(watch.faulted).toEqual(MIDDLE);
  watch.trip();
  expect(watch.faulted).toEqual(HEAD.concat(MIDDLE));
});
