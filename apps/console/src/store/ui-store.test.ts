import { expect, test } from 'vitest';
import { addressOf, panesOf } from './ui-store.ts';

test('an address opens the panes it was made from, each with what it shows', () => {
  const address = '#/network+station/PT+feeder/F473+map';
  const panes = panesOf(address);
  expect(panes.map(({ view, station, feeder, map }) => [view, station, feeder, map])).toEqual([
    ['network', null, null, false],
    ['station', 'PT', null, false],
    ['feeder', null, 'F473', false],
    ['network', null, null, true],
  ]);
  expect(addressOf(panes)).toBe(address);
});

test('an address nobody made shows the network, and never more than four panes', () => {
  expect(panesOf('#/nothing').map(({ view }) => view)).toEqual(['network']);
  expect(panesOf('').map(({ view }) => view)).toEqual(['network']);
  expect(panesOf('#/alarms+alarms+alarms+alarms+alarms')).toHaveLength(4);
});

test('an equipment id with a slash survives the address', () => {
  expect(panesOf(addressOf(panesOf('#/trends/473%2F20')))[0]?.trends).toBe('473/20');
});
