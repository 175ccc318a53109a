import { readFileSync } from 'node:fs';
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
