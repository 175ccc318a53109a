import type { IncidentView } from '@relight/contract';
import { expect, test } from 'vitest';
import { casesOf } from './storm.ts';

const incident = (id: string, openedAt_ms: number, feeder = `F${id}`): IncidentView => ({
  id,
  title: { vi: id, en: id },
  state: 'evidence',
  feeders: [feeder],
  tripped: [],
  openedAt_ms,
  closedAt_ms: null,
  customersOut: 100,
  customersRestored: 0,
  customersDark: 100,
  automatic: false,
  reasons: [],
  evidence: [],
  suspects: [],
  plan: null,
  planVersion: 0,
  planHash: null,
  steps: [],
  staysDark: [],
  decisions: [],
});

test('five feeders that trip within two minutes of each other are one storm, four are not', () => {
  const five = [0, 1, 2, 3, 4].map((i) => incident(`${i}`, i * 60_000));
  expect(casesOf(five)).toMatchObject([{ kind: 'storm', storm: { customersOut: 500 } }]);
  expect(casesOf(five.slice(1)).map(({ kind }) => kind)).toEqual(
    Array.from({ length: 4 }, () => 'incident'),
  );
});

test('one feeder that trips five times is no storm', () => {
  const same = [0, 1, 2, 3, 4].map((i) => incident(`${i}`, i * 1_000, 'F471'));
  expect(casesOf(same).every(({ kind }) => kind === 'incident')).toBe(true);
});

test('a trip an hour before the storm stays a row of its own', () => {
  const storm = [0, 1, 2, 3, 4].map((i) => incident(`${i}`, 3_600_000 + i));
  expect(casesOf([...storm, incident('early', 0)]).map(({ kind }) => kind)).toEqual([
    'storm',
    'incident',
  ]);
});

test('every incident is told exactly once, however far apart they opened', () => {
  for (const apart_ms of [0, 1_000, 59_000, 119_999, 120_000, 120_001, 600_000])
    for (const feeders of [1, 4, 5, 45]) {
      const all = Array.from({ length: 60 }, (_, i) =>
        incident(`${i}`, (i * 37 * apart_ms) % 1_000_003, `F${i % feeders}`),
      );
      const told = casesOf(all).flatMap((each) =>
        each.kind === 'storm' ? each.storm.incidents.map(({ id }) => id) : [each.incident.id],
      );
      expect(told.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
    }
});
