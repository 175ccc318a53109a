import { readFileSync } from 'node:fs';
import { Misbehaviour } from '@relight/contract';
import { parseGridText } from '@relight/grid';
import { expect, test } from 'vitest';
import { SCENARIO_FORMAT, ScenarioFile, unknownInScenario } from './scenario.ts';

const TOWN = parseGridText(readFileSync('seeds/grids/demo-town.json', 'utf8'));

test('a scenario that names what the grid has not is told so, place by place', () => {
  const scenario = ScenarioFile.parse({
    format: SCENARIO_FORMAT,
    events: [
      { at_s: 0, device: '473-20', misbehaviour: { stuck: true } },
      { at_s: 1, device: '473-21', misbehaviour: { stuck: true } },
      { at_s: 2, device: 'RTU-473-20', misbehaviour: { vanish: true } },
      { at_s: 3, fault: { equipment: '473.L03' } },
      { at_s: 4, fault: { equipment: '473.L99' } },
      { at_s: 9, repair: 'F1' },
    ],
  });
  expect(TOWN.ok && unknownInScenario(scenario, TOWN.value.grid)).toEqual([
    { path: 'events[1].device', message: 'grid demo-town has no device or RTU "473-21"' },
    { path: 'events[4].fault.equipment', message: 'grid demo-town has no equipment "473.L99"' },
  ]);
});

test('a scenario may let devices and RTUs misbehave in every way the control API knows', () => {
  const all: Required<Omit<Misbehaviour, 'restart'>> & Pick<Misbehaviour, 'restart'> = {
    ...{ stuck: true, indicator: 'false', vanish: true, refuse: true, stick: 'intermediate' },
    ...{ fallBackAfter_ms: 800 },
    ...{ freeze: true, delay_ms: 300, dropReplies: 0.2, silent: true, corrupt: 0.1 },
    ...{ exception: 4, wrongUnit: true, wrongTransaction: true, clockSkew_ms: -3_600_000 },
    ...{ timeStamps: 'wrong', events: 'reordered', cut: 'reset', halfOpen: true },
    ...{ restart: { down_ms: 500, losesEvents: true }, host: '127.0.0.2' },
  };
  expect(Object.keys(all).toSorted()).toEqual(Object.keys(Misbehaviour.shape).toSorted());
  const events = Object.entries(all).map(([field, value], at_s) => ({
    at_s,
    device: '473-20',
    misbehaviour: { [field]: value },
  }));
  const scenario = ScenarioFile.parse({ format: SCENARIO_FORMAT, events });
  expect(TOWN.ok && unknownInScenario(scenario, TOWN.value.grid)).toEqual([]);
});
