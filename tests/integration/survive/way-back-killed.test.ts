import { afterEach, expect, test } from 'vitest';
import type { SurvivalRig } from '../../kit/survival-rig.ts';
import {
  at,
  carriedOut,
  decide,
  expectNormal,
  LIMIT_ms,
  planned,
  REPAIRED,
  repairedTown,
} from '../../kit/way-back-rig.ts';

// A way back that is cut off in its middle, on real sockets.

let rig: SurvivalRig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

test.each([
  ['a restart', (world: SurvivalRig) => world.startCenter()],
  ['the standby', (world: SurvivalRig) => world.followStandby()],
])(
  'killed in the middle of the way back, by %s nothing is resumed, nothing goes out twice, and a person asks again',
  async (who, goOn) => {
    rig = await repairedTown();
    const world = rig;
    if (who === 'the standby') await world.startStandby();
    await decide(world, 'liftBlocks', REPAIRED);
    await planned(world, true);
    const before = (await world.operates()).length;
    await decide(world, 'approveAll');
    await expect
      .poll(async () => (await world.operates()).length, { timeout: LIMIT_ms, interval: 50 })
      .toBeGreaterThan(before);
    await world.kill();
    const written = await world.operates();
    await goOn(world);
    const { wayBack, state } = await at(
      world,
      'it is offered again',
      (incident) => incident.wayBack?.offered === true,
    );
    expect([state, wayBack?.asked]).toEqual(['aborted', null]);
    expect(await world.operates()).toEqual(written);
    await planned(world, true);
    await carriedOut(world);
    await expectNormal(world);
  },
);
