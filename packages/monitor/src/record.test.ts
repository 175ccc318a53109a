import { describe, expect, test } from 'vitest';
import { EnteredWords } from './index.ts';
import { ALL, DAY_ms, END, GRID, HEAD, line, MIDDLE, node, Watch } from './testing/one-feeder.ts';

// What people and the engine put on record, and what of it may not fall away.

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

  test('and earths, stays doubtful where its old word is taken back and the file has it open', () => {
    const words = new EnteredWords(
      {
        ...GRID,
        groundDisconnectors: [
          { id: 'E-open', node: 'a2' },
          { id: 'E-closed', node: 'a4', closed: true },
        ],
      },
      DAY_ms,
    );
    const note = (about: string, body: Record<string, unknown>, now_ms: number) =>
      words.take(
        [{ sequence: 1, at_ms: 0, input: 1, kind: 'position', by: 'an', about, body }],
        now_ms,
      );
    for (const equipment of ['E-open', 'E-closed']) {
      note(equipment, { entered: { equipment, position: 'open' } }, 0);
      note(equipment, { removed: { equipment, position: 'open' } }, DAY_ms);
    }
    expect([...words.all(DAY_ms)]).toEqual([['E-open', 'doubtful']]);
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

describe('what the monitor holds beyond the record', () => {
  test('is what a trip of its own account suspects and no incident covers, until one does', () => {
    const watch = new Watch();
    expect(watch.ledger.heldBeyondRecord(watch.now_ms)).toEqual([]);
    watch.trip('50', { 'S1.faultIndicator': true });
    expect(watch.ledger.heldBeyondRecord(watch.now_ms)).toEqual(['S.a3']);
    watch.keeps('S.a3');
    expect(watch.ledger.heldBeyondRecord(watch.now_ms)).toEqual([]);
  });

  test('stays dead over a restart, and goes with the lift of whatever incident names it', () => {
    const watch = new Watch();
    watch.ledger.carryOver({
      lastIncident: 0,
      keptDead: [],
      monitorHolds: ['S.a3', 'S.gone'],
      openCommands: [],
    });
    watch.command('S1', 'open');
    expect(watch.ledger.held(watch.now_ms)).toEqual([
      { section: 'S.a3', nodes: MIDDLE, incidents: [], trips: [] },
    ]);
    watch.keepsBy('SC-0001', 'S.a3');
    expect(watch.ledger.heldBeyondRecord(watch.now_ms)).toEqual([]);
    watch.keepsBy('SC-0001');
    expect(watch.faulted).toEqual(MIDDLE);
    watch.lift('SC-0001', 'S.a3');
    expect(watch.faulted).toEqual([]);
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

describe('a close of ours that has not been read yet when the feeder trips', () => {
  /** Behind the feeder a switch that stands open, to a part of its own. */
  const withLink = (sources: typeof GRID.sources = GRID.sources): Watch => {
    const watch = new Watch({
      sources,
      nodes: [...GRID.nodes, ...['h1', 'h2'].map(node)],
      lines: [...GRID.lines!, line('LH', 'h1', 'h2')],
      faultIndicators: [],
      switches: [
        ...GRID.switches!.map((each) => ({ ...each, protects: each.id === 'CB' })),
        {
          id: 'LINK',
          kind: 'disconnector',
          from: 'a2',
          to: 'h1',
          remote: false,
          normallyOpen: true,
        },
      ],
    });
    watch.report({ 'S1.faultIndicator': false }, 'notTopical');
    return watch;
  };
  const close = { state: 'executing', equipment: 'LINK', operation: 'close' };

  test('may have reached the part behind it: the fault may lie there too', () => {
    const watch = withLink();
    watch.note('command', 'C1', close);
    watch.trip();
    expect(watch.faulted).toEqual([...ALL, 'h1', 'h2']);
  });

  test('has reached nothing once it has ended otherwise', () => {
    const watch = withLink();
    watch.note('command', 'C1', close);
    watch.note('command', 'C1', { ...close, state: 'failed' });
    watch.trip();
    expect(watch.faulted).toEqual(ALL);
  });

  test('takes no suspicion off the feeder where another source stands behind it', () => {
    const watch = withLink([...GRID.sources, { ...GRID.sources[0]!, id: 'G2', node: 'h2' }]);
    watch.note('command', 'C1', close);
    watch.trip();
    expect(watch.faulted).toEqual(ALL);
  });
});
