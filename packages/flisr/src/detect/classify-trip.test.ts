import { expect, test } from 'vitest';
import { TRIP_FUNCTIONS } from '@relight/contract';
import { classifyTrip, type OpenedDevice } from './classify-trip.ts';

const locked: OpenedDevice = {
  tripFunction: '51',
  protectionTrip: true,
  lockout: true,
  commanded: false,
  local: false,
  shedding: false,
};

test('only short circuit and earth fault with lockout start restoration', () => {
  const starting = TRIP_FUNCTIONS.filter(
    (tripFunction) =>
      tripFunction !== 'none' && classifyTrip({ ...locked, tripFunction }).kind === 'restore',
  );
  expect(starting).toEqual(['50', '51', '67', '50N', '51N', '67N', '79']);
});

test('while reclosing may still succeed nothing is done', () => {
  expect(classifyTrip({ ...locked, lockout: false }).kind).toBe('wait');
});

test('under-frequency, voltage and breaker failure only raise an alarm, locked out or not', () => {
  for (const tripFunction of ['81', '27', '59', '50BF', '85']) {
    expect(classifyTrip({ ...locked, tripFunction }).kind).toBe('alarm');
  }
});

test('unit protection condemns its equipment', () => {
  for (const tripFunction of ['87T', '96', '87B', '86']) {
    expect(classifyTrip({ ...locked, tripFunction, lockout: false }).kind).toBe('unitFault');
  }
});

test('an opening without protection is ours, local, or undetermined', () => {
  const opened = { ...locked, tripFunction: null, protectionTrip: false };
  expect(classifyTrip({ ...opened, commanded: true }).kind).toBe('none');
  expect(classifyTrip({ ...opened, local: true }).reason.en).toContain('on the spot');
  expect(classifyTrip(opened).kind).toBe('alarm');
});

test('a recloser that locks out without telling a function counts as a fault', () => {
  expect(classifyTrip({ ...locked, tripFunction: 'none' }).kind).toBe('restore');
});

test('what opens while load is being shed is left alone, unless its relay tells a fault', () => {
  const shed = { ...locked, shedding: true };
  expect(classifyTrip({ ...shed, tripFunction: null, protectionTrip: false }).kind).toBe('alarm');
  expect(classifyTrip({ ...shed, tripFunction: 'none' }).reason.en).toContain('only by order');
  expect(classifyTrip({ ...shed, tripFunction: '51' }).kind).toBe('restore');
});
