import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../packages/gateway/src/testing/until.ts';
import { startSimulation } from '../../simulators/rtu/src/index.ts';
import type { RunningSimulation } from '../../simulators/rtu/src/index.ts';
import { smallStation } from '../../simulators/rtu/src/testing/small-station.ts';
import { GatewayRig } from '../kit/gateway-rig.ts';

let simulation: RunningSimulation;
let rig: GatewayRig;
beforeAll(async () => {
  simulation = await startSimulation({ grid: smallStation('isolated'), speed: 50 });
  rig = await GatewayRig.start(simulation.points);
  await rig.ready();
});
afterAll(async () => {
  await rig.stop();
  await simulation.stop();
});

function place(equipment: string): Promise<Response> {
  return fetch(`${simulation.control}/faults`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${simulation.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ equipment, standing: true }),
  });
}

test('a standing earth fault placed in the field shows as 3U0 at the gateway, until its feeder is opened', async () => {
  const shown = (): number => Number(rig.newest.get('S.bus.neutralVoltage_kV')?.value);
  expect(shown()).toBe(0);
  const refused = await place('R1');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ code: 'RL-022' });
  expect((await place('L2')).status).toBe(200);
  // 22 kV / √3; nothing has tripped.
  await until('3U0 is raised', 20_000, () => Math.abs(shown() - 12.702) < 0.001);
  expect(rig.quality('S.bus.neutralVoltage_kV')).toBe('good');
  expect(rig.newest.get('S.471.position')?.value).toBe('closed');
  expect(rig.newest.get('R1.faultIndicator')?.value).toBe(false);
  simulation.operate('R1', 'open');
  await until('3U0 has fallen', 20_000, () => shown() === 0);
});
