import { InvariantError } from '@relight/foundation';
import { expect, test } from 'vitest';
import { entryAt } from './entry-at.ts';
import { judgeGates } from './gates.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

test('an entry is given where there is one, also where it is nought', () => {
  expect(entryAt(Int32Array.of(7, 0), 1)).toBe(0);
  expect(entryAt(['a', 'b'], 0)).toBe('a');
});

test('an index nobody knows stops the judgement of a close: it is never let pass', () => {
  expect(() => entryAt([1], -1)).toThrow(InvariantError);
  expect(() => entryAt(new Int32Array(2), 2)).toThrow(InvariantError);
  const world = new ScriptedField(twoFeeders());
  world.run(500);
  for (const switchIndex of [-1, world.engine.network.switchCount]) {
    const wanted = { switchIndex, operation: 'close', incident: null, command: null } as const;
    expect(() => judgeGates(world.engine, world.state, wanted, world.now)).toThrow(InvariantError);
  }
});
