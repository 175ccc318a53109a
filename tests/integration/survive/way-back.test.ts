import { OPERATION_CODES } from '@relight/gateway';
import { afterEach, expect, test } from 'vitest';
import type { SurvivalRig } from '../../kit/survival-rig.ts';
import {
  at,
  carriedOut,
  decide,
  expectNormal,
  planned,
  REPAIRED,
  repairedTown,
} from '../../kit/way-back-rig.ts';

// From the fault to the normal state on real sockets: judged by the wire log and the plant.

let rig: SurvivalRig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

test('fault, isolation, repair, lift, way back: the recloser energises the repaired part, and everything is normal again', async () => {
  rig = await repairedTown();
  const world = rig;
  const waiting = await at(world, 'the way back is shown', ({ wayBack }) => wayBack !== undefined);
  expect(waiting.wayBack?.missing.map(({ kind }) => kind)).toEqual(['blocks']);
  const early = await world.ask('POST', `/incidents/${waiting.id}/way-back`, {
    reason: 'đã thay sứ',
    mayInterrupt: false,
  });
  expect(early).toMatchObject({ status: 409, body: { code: 'RL-076' } });
  await decide(world, 'liftBlocks', REPAIRED);
  const { plan } = await planned(world, true);
  expect(plan?.steps.length).toBeGreaterThan(0);
  const before = (await world.operates()).length;
  await carriedOut(world);
  await expectNormal(world);
  const done = (await world.operates()).slice(before).flatMap(({ value, switch: id }) => {
    const operation = Object.entries(OPERATION_CODES).find(([, code]) => code === value)?.[0];
    return operation === undefined ? [] : [`${operation} ${id}`];
  });
  const moves = done.filter((each) => /^(open|close) /.test(each));
  expect(moves).toEqual((plan?.steps ?? []).map((step) => `${step.action} ${step.switch}`));
});
