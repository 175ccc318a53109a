import type { PointUpdate, PointValue } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { FaultLedger } from './index.ts';
import { ALL, END, GRID, HEAD, MIDDLE, POINTS, Watch } from './testing/one-feeder.ts';

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
