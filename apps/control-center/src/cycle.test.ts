import type { Actor } from '@relight/contract';
import { SimulatedClock } from '@relight/foundation';
import { expect, test } from 'vitest';
import { Cycle, type CycleParts } from './cycle.ts';

const AN: Actor = { user: 'an', name: 'An', session: 's', roles: ['dispatcher'], areas: null };

test('a control centre that stops leaves nobody waiting: the same key may be asked again', async () => {
  // Stopped before its first turn: nothing of the rest is reached.
  const cycle = new Cycle({ clock: new SimulatedClock(0) } as unknown as CycleParts);
  const asked = cycle.request(AN, { type: 'executeCommand', command: 'C1' });
  cycle.stop();
  const late = cycle.request(AN, { type: 'executeCommand', command: 'C1' });
  for (const reply of [await asked, await late]) {
    expect(reply).toMatchObject({ status: 503, error: { code: 'RL-080' } });
  }
});
