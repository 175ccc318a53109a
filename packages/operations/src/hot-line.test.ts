import { expect, test } from 'vitest';
import { checkGates } from './gates.ts';
import { AN, BINH, commandRequest, newKey, tagRequest } from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders, type TwoFeederOptions } from './testing/two-feeders.ts';
import { field } from './testing/running-field.ts';

function shut(
  world: ScriptedField,
  equipment: string,
  operation: 'open' | 'close' | 'enableReclosing',
): readonly string[] {
  const at = { monotonic_ms: world.now, actor: AN };
  const gates = checkGates(world.engine, world.state, { equipment, operation }, at);
  return (gates ?? []).filter((gate) => !gate.ok).map((gate) => gate.name);
}

function reclosingOff(world: ScriptedField, breaker: string): void {
  world.setValue(breaker, 'reclosing', false);
}

/** A crew works live on the last section of 471, whose breaker does not reclose. */
function working(options: TwoFeederOptions = {}): ScriptedField {
  const world = field(options);
  reclosingOff(world, 'T.471');
  expect(world.askAs(BINH, tagRequest('hotLine', 'S.a5')).status).toBe(202);
  return world;
}

test('hot-line work begins only where every device upstream has reclosing off and read back', () => {
  const world = field();
  const refused = world.askAs(BINH, tagRequest('hotLine', 'S.a5'));
  expect(refused).toMatchObject({ status: 422, error: { code: 'RL-071' } });
  expect(refused.error?.message).toContain('MC 471');
  reclosingOff(world, 'T.471');
  world.withoutSignal('T.471.reclosing');
  expect(world.askAs(BINH, tagRequest('hotLine', 'S.a5')).status).toBe(202);
});

test('a breaker that reports no reclosing may reclose: somebody has to have seen it locked', () => {
  const parts = twoFeeders();
  const points = parts.pointList.points.filter((point) => point.id !== 'T.471.reclosing');
  const world = new ScriptedField({ ...parts, pointList: { ...parts.pointList, points } });
  world.run(500);
  const refused = world.askAs(BINH, tagRequest('hotLine', 'S.a5'));
  expect(refused).toMatchObject({ status: 422, error: { code: 'RL-071' } });
  expect(refused.error?.message).toContain('MC 471');
  const seen = (ids: string[]) =>
    world.askAs(BINH, { ...tagRequest('hotLine', 'S.a5'), reclosingSeenOff: ids });
  expect(seen(['T.472']).status).toBe(422);
  expect(seen(['T.999']).status).toBe(404);
  expect(seen(['T.471']).accepted?.tag).toMatchObject({ reclosingSeenOff: ['T.471'] });
  expect(world.journal.findLast(({ kind }) => kind === 'tag')?.body).toMatchObject({
    tag: { reclosingSeenOff: ['T.471'] },
  });
  world.run(1_000);
  expect(world.views.alarms.filter(({ state }) => state !== 'normal')).toEqual([]);
});

test('nobody has seen reclosing locked where the device itself reports that it is on', () => {
  const world = field();
  world.setValue('T.471', 'reclosing', true);
  const body = { ...tagRequest('hotLine', 'S.a5'), reclosingSeenOff: ['T.471'] };
  expect(world.askAs(BINH, body)).toMatchObject({ status: 422 });
});

test('reclosing that is not read back with good quality counts as on', () => {
  const world = field();
  reclosingOff(world, 'T.471');
  world.loseRtu('RTU.T');
  expect(world.askAs(BINH, tagRequest('hotLine', 'S.a5'))).toMatchObject({ status: 422 });
});

test('reclosing upstream stays off while the crew works', () => {
  const world = working();
  expect(shut(world, 'T.471', 'enableReclosing')).toEqual(['hotLine']);
  reclosingOff(world, 'T.472');
  expect(shut(world, 'T.472', 'enableReclosing')).toEqual([]);
});

test('reclosing that comes on at the device itself is a top alarm', () => {
  const world = working();
  world.setValue('T.471', 'reclosing', true);
  const alarm = world.views.alarms.find((each) => each.text.en.startsWith('Hot-line work'));
  expect(alarm).toMatchObject({ priority: 1 });
});

test('after a trip nothing energises the part again until the owner reports the crew clear', () => {
  const world = working();
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  expect(shut(world, '471-2', 'close')).toEqual(['hotLine']);
  expect(shut(world, '471-472-3', 'close')).toEqual(['hotLine']);
  const tag = world.views.tags[0]?.id ?? '';
  world.askAs(BINH, { type: 'removeTag', tag });
  expect(shut(world, '471-2', 'close')).toEqual([]);
});

test('hot-line work on one feeder forbids nothing on another', () => {
  const world = working();
  world.moveByHand('472-2', 'open');
  world.run(1_500);
  expect(shut(world, '472-2', 'close')).toEqual([]);
});

test('the section is never transferred: no parallel with another feeder, permitted or not', () => {
  const world = working({ parallelAllowed: true });
  expect(shut(world, '471-472-3', 'close')).toEqual(['hotLine']);
});

test('a tagged breaker is not closed, may be opened, and holds all it supplied', () => {
  const world = field();
  reclosingOff(world, 'T.471');
  const placed = world.askAs(BINH, tagRequest('hotLine', 'T.471'));
  expect(placed.accepted?.tag?.sections).toEqual(['S.a1', 'S.a3', 'S.a5']);
  expect(shut(world, 'T.471', 'open')).toEqual([]);
  world.moveByHand('471-1', 'open');
  world.moveByHand('T.471', 'open');
  world.run(1_500);
  expect(shut(world, 'T.471', 'close')).toEqual(['hotLine']);
  expect(shut(world, '471-472-3', 'close')).toEqual(['hotLine']);
});

test('a plan leaves hot-line work dead after the trip and restores the others', () => {
  const world = field();
  reclosingOff(world, 'T.471');
  world.askAs(BINH, tagRequest('hotLine', 'S.a5'));
  world.run(10_000);
  world.placeFault('L1');
  world.runUntil(() =>
    ['approval', 'restored', 'noPlan'].includes(world.views.incidents[0]?.state ?? ''),
  );
  expect(world.incident.plan?.steps.map((step) => step.switch)).not.toContain('471-472-3');
  const dark = world.incident.staysDark.find((each) => each.section === 'S.a5');
  expect(dark?.why.en).toContain('hot-line work');
  expect(world.isLive('a6')).toBe(false);
});

test('a plan that helps from a feeder with hot-line work moves nothing on its way', () => {
  const world = field();
  reclosingOff(world, 'T.472');
  world.askAs(BINH, tagRequest('hotLine', 'S.b5'));
  world.run(10_000);
  world.placeFault('L1');
  world.runUntil(() =>
    ['approval', 'restored', 'noPlan'].includes(world.views.incidents[0]?.state ?? ''),
  );
  // The tie borders the section somebody works on live.
  expect(world.incident.plan?.steps.map((step) => step.switch) ?? []).not.toContain('471-472-3');
});

test('a hot-line tag on a section asks nothing of feeders that do not supply it', () => {
  const world = field();
  reclosingOff(world, 'T.471');
  const body = { ...tagRequest('hotLine', 'S.a1'), idempotencyKey: newKey() };
  expect(world.askAs(BINH, body).status).toBe(202);
  expect(world.askAs(AN, commandRequest('472-2', 'open')).status).toBe(202);
});
