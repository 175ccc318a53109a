import type { GridFile } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { createMonitor, type OrderToJudge, type ReportedPosition } from './index.ts';

/**
 *   A ─CBA─ a1 ─L1─ a2 ─S1─ a3 ─L2─ a4 ─TIE─ b2 ─L3─ b1 ─CBB─ B
 *                            └─M1─ a5 (hand-operated, a photovoltaic plant at a5)
 * TIE is normally open; G1 earths a4 when closed.
 */
const node = (id: string) => ({ id, nominalVoltage_kV: 22 });
const line = (id: string, from: string, to: string) => ({ id, from, to, r_ohm: 0.1, x_ohm: 0.1 });
const remote = (id: string, from: string, to: string, normallyOpen = false) => ({
  id,
  kind: 'loadBreakSwitch' as const,
  from,
  to,
  remote: true,
  normallyOpen,
});
const TWO_FEEDERS: GridFile = {
  format: 'relight-grid/1',
  id: 'two-feeders',
  nodes: ['A', 'a1', 'a2', 'a3', 'a4', 'a5', 'B', 'b1', 'b2'].map(node),
  sources: [
    { id: 'src-A', node: 'A' },
    { id: 'src-B', node: 'B' },
  ],
  lines: [line('L1', 'a1', 'a2'), line('L2', 'a3', 'a4'), line('L3', 'b1', 'b2')],
  switches: [
    remote('CBA', 'A', 'a1'),
    remote('CBB', 'B', 'b1'),
    remote('S1', 'a2', 'a3'),
    remote('TIE', 'a4', 'b2', true),
    { id: 'M1', kind: 'disconnector', from: 'a3', to: 'a5', normallyOpen: true },
  ],
  generators: [{ id: 'PV', node: 'a5', p_kW: 100 }],
  groundDisconnectors: [{ id: 'G1', node: 'a4' }],
};

/** The same, with both sources in one angle group and TIE marked for it. */
const PARALLEL: GridFile = {
  ...TWO_FEEDERS,
  sources: TWO_FEEDERS.sources.map((source) => ({ ...source, angleGroup: 'north' })),
  switches: (TWO_FEEDERS.switches ?? []).map((each) => ({
    ...each,
    parallelAllowed: each.id === 'TIE',
  })),
};
const transformer = (id: string, to: string, phaseShift_deg: number) => ({
  id,
  from: 'H',
  to,
  phaseShift_deg,
  rated_MVA: 10,
  shortCircuitVoltage_pct: 10,
});

const monitor = createMonitor(TWO_FEEDERS);
const good = (position: 'open' | 'closed', age_ms = 500): ReportedPosition => ({
  position,
  quality: 'good',
  age_ms,
});
const reported = (open: readonly string[], changed: Record<string, ReportedPosition> = {}) => {
  const all = ['CBA', 'CBB', 'S1', 'TIE'].map(
    (id) => [id, good(open.includes(id) ? 'open' : 'closed')] as const,
  );
  return new Map([...all, ...Object.entries(changed)]);
};
const close = (equipment: string, input: Partial<OrderToJudge>): readonly string[] => {
  const verdict = monitor.judgeOrder({
    positions: reported([]),
    faulted: [],
    earthed: [],
    tagged: [],
    allowParallel: false,
    order: { equipment, operation: 'close' },
    ...input,
  });
  return verdict.ok ? [] : verdict.reasons.map((reason) => reason.en);
};

describe('a close is let through', () => {
  test('where it gives a dead, healthy section back to its own feeder', () => {
    expect(close('CBA', { positions: reported(['CBA', 'S1', 'TIE']), faulted: ['L2'] })).toEqual(
      [],
    );
  });

  test('where it feeds a dead section from the other feeder', () => {
    expect(close('TIE', { positions: reported(['S1', 'TIE']), faulted: ['L1'] })).toEqual([]);
  });

  test('to parallel two sides only where order and grid file both permit it', () => {
    const positions = reported(['TIE']);
    const judge = (change: Partial<GridFile>, allowParallel = true): readonly string[] => {
      const verdict = createMonitor({ ...PARALLEL, ...change }).judgeOrder({
        positions,
        faulted: [],
        earthed: [],
        tagged: [],
        allowParallel,
        order: { equipment: 'TIE', operation: 'close' },
      });
      return verdict.ok ? [] : verdict.reasons.map((reason) => reason.en);
    };
    expect(judge({})).toEqual([]);
    expect(judge({}, false)).toEqual(['Closing TIE could join two sources']);
    const { switches, sources } = TWO_FEEDERS;
    expect(judge({ switches })).toEqual(['The grid file permits no parallel at TIE']);
    expect(judge({ sources })).toEqual(['Closing TIE could join two sources']);
    const island = [{ id: 'PV', node: 'a1', p_kW: 100, canIsland: true }];
    expect(judge({ generators: island })).toEqual(['Closing TIE could join two sources']);
  });

  test('to parallel two sides only where the transformers on the two ways turn alike', () => {
    const judge = (shift: number) =>
      createMonitor({
        ...PARALLEL,
        nodes: [...PARALLEL.nodes, node('H')],
        sources: [{ id: 'src-H', node: 'H' }],
        transformers: [transformer('TA', 'A', 30), transformer('TB', 'B', shift)],
      }).judgeOrder({
        positions: reported(['TIE']),
        faulted: [],
        earthed: [],
        tagged: [],
        allowParallel: true,
        order: { equipment: 'TIE', operation: 'close' },
      });
    expect(judge(30)).toEqual({ ok: true });
    expect(judge(390)).toEqual({ ok: true });
    expect(judge(0)).toMatchObject({
      reasons: [{ en: 'The two sides of TIE differ in phase shift' }],
    });
  });
});

describe('a close is refused', () => {
  test('onto the faulted section', () => {
    const positions = reported(['S1', 'TIE']);
    expect(close('S1', { positions, faulted: ['L2', 'a3', 'a4'] })).toEqual([
      'Could energise what is faulted: L2 and 2 more',
    ]);
  });

  test('onto the faulted section, with its name and who keeps it dead', () => {
    const positions = reported(['S1', 'TIE']);
    const nodes = ['a3', 'a4'];
    const why = (incidents: readonly string[], trips: readonly string[]) =>
      close('S1', {
        positions,
        faulted: nodes,
        keepers: [{ section: 'S.a3', nodes, incidents, trips }],
      }).join();
    expect(why(['SC-0001', 'SC-0002'], ['CBA'])).toBe(
      'Could energise what is faulted: section S.a3 (kept dead by SC-0001, SC-0002)',
    );
    expect(why([], ['CBA'])).toContain("by the monitor's own account since CBA tripped");
    expect(why([], [])).toContain("by the monitor's own account from before a restart");
  });

  test('towards the faulted section if the border in between is not known to be open', () => {
    const positions = (reading: ReportedPosition) => reported(['CBA', 'TIE'], { S1: reading });
    for (const reading of [
      good('closed'),
      good('open', 60_000),
      { position: 'open', quality: 'notTopical', age_ms: 100 } as const,
      { position: 'intermediate', quality: 'good', age_ms: 100 } as const,
      { position: null, quality: 'invalid', age_ms: 100 } as const,
    ]) {
      expect(close('CBA', { positions: positions(reading), faulted: ['L2'] })).toEqual([
        'Could energise what is faulted: L2',
      ]);
    }
  });

  test('towards an earth, named by its node or by its ground disconnector', () => {
    const positions = reported(['CBA', 'TIE']);
    expect(close('CBA', { positions, earthed: ['a4'] })).toEqual([
      'Could energise what is earthed: a4',
    ]);
    expect(close('CBA', { positions, earthed: ['G1'] })).toEqual([
      'Could energise what is earthed: G1',
    ]);
  });

  test('towards a crew at work', () => {
    expect(close('CBA', { positions: reported(['CBA', 'TIE']), tagged: ['L2'] })).toEqual([
      'Could energise what is tagged or has a crew at work: L2',
    ]);
  });

  test('where a generator could feed the fault although no source can', () => {
    const positions = reported(['CBA', 'S1', 'TIE'], { M1: good('closed') });
    expect(close('S1', { positions, faulted: ['L1'] })).toEqual([
      'Could energise what is faulted: L1',
    ]);
  });

  test('where it could close a loop, the rest of the loop being unknown', () => {
    const ring = createMonitor({
      ...TWO_FEEDERS,
      switches: [...(TWO_FEEDERS.switches ?? []), remote('S2', 'a1', 'a4', true)],
    });
    const judge = (positions: OrderToJudge['positions']) =>
      ring.judgeOrder({
        positions,
        faulted: [],
        earthed: [],
        tagged: [],
        allowParallel: false,
        order: { equipment: 'S1', operation: 'close' },
      });
    expect(judge(reported(['S1', 'TIE'], { S2: good('open') })).ok).toBe(true);
    expect(judge(reported(['S1', 'TIE']))).toMatchObject({
      reasons: [{ en: 'Closing S1 could close a loop' }],
    });
  });

  test('where what is to stay dead is not in the grid file at all', () => {
    expect(close('CBA', { positions: reported(['CBA', 'TIE']), faulted: ['L99'] })).toEqual([
      'To be kept dead but not in the grid: L99',
    ]);
  });
});

describe('the device itself', () => {
  const order = { equipment: 'S1', operation: 'open' } as const;

  test('an open is let through even beside a fault: it energises nothing', () => {
    expect(close('S1', { order, positions: reported(['TIE']), faulted: ['L2'] })).toEqual([]);
  });

  test('neither open nor close where its own position is not known, or too old', () => {
    const stale = reported(['TIE'], { S1: good('closed', 10_001) });
    const reason = 'Position of S1 is not known: no good and fresh reading';
    expect(close('S1', { order, positions: stale })).toEqual([reason]);
    expect(close('S1', { positions: stale })).toEqual([reason]);
  });

  test('no order to a drive between its positions', () => {
    const moving = { position: 'intermediate', quality: 'good', age_ms: 100 } as const;
    expect(close('S1', { order, positions: reported(['TIE'], { S1: moving }) })).toEqual([
      'S1 is neither clearly open nor clearly closed',
    ]);
  });

  test('no order to a tagged switch, and none to one that is not in the grid', () => {
    expect(close('S1', { order, tagged: ['S1'] })).toEqual([
      'S1 carries a tag: it may not be operated',
    ]);
    expect(close('S99', {})).toEqual(['The grid has no switch S99']);
  });
});

test('a hand-operated switch sends no readings and stands as the file says', () => {
  // M1 is normally open: what hangs behind it cannot be reached through it.
  expect(close('S1', { positions: reported(['S1', 'TIE']), faulted: ['a5'] })).toEqual([]);
});

test('every reason is there in Vietnamese too', () => {
  const verdict = monitor.judgeOrder({
    positions: new Map(),
    faulted: ['L2'],
    earthed: ['a4'],
    tagged: ['a3', 'S1'],
    allowParallel: false,
    order: { equipment: 'S1', operation: 'close' },
  });
  expect(verdict.ok).toBe(false);
  const reasons = verdict.ok ? [] : verdict.reasons;
  expect(reasons).toHaveLength(6);
  for (const reason of reasons) {
    expect(reason.vi).not.toBe('');
    expect(reason.vi).not.toBe(reason.en);
  }
});

test('no permitted parallel onto what a crew or an earth holds, even where it looks live', () => {
  const permitting = createMonitor(PARALLEL);
  const held = (hold: Partial<OrderToJudge>) =>
    permitting.judgeOrder({
      positions: reported(['TIE']),
      faulted: [],
      earthed: [],
      tagged: [],
      allowParallel: true,
      order: { equipment: 'TIE', operation: 'close' },
      ...hold,
    }).ok;
  expect(held({})).toBe(true);
  expect(held({ tagged: ['a4'] })).toBe(false);
  expect(held({ earthed: ['a4'] })).toBe(false);
});

test('an emergency open of what breaks no fault is judged like any other open', () => {
  const verdict = monitor.judgeOrder({
    positions: reported([]),
    faulted: [],
    earthed: [],
    tagged: ['S1'],
    allowParallel: false,
    emergency: true,
    order: { equipment: 'S1', operation: 'open' },
  });
  expect(verdict.ok).toBe(false);
});
