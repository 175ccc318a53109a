import { Server, Socket } from 'node:net';
import { SimulatedClock } from '@relight/foundation';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConformanceRig } from '../../packages/gateway/src/testing/conformance-rig.ts';
import { describeDriver } from '../../packages/gateway/src/testing/driver-conformance.ts';
import { MemoryNetwork } from '../../simulators/rtu/src/index.ts';
import { bothDrivers } from './drivers/both-drivers.ts';

/** What is promised of values whose device has fallen silent, ms. */
const LEAVES_GOOD_ms = 3_000;
const STEP_ms = 10;
/** Turns of the event loop for each step: more than a question, its answer and the wire need. */
const TURNS = 30;

describe('over memory', () => {
  const drivers = bothDrivers(() => new MemoryNetwork());
  beforeEach(() => {
    vi.spyOn(Socket.prototype, 'connect');
    vi.spyOn(Server.prototype, 'listen');
  });
  afterEach(() => {
    // Otherwise this would be the suite over sockets once more.
    expect(vi.mocked(Socket.prototype.connect)).not.toHaveBeenCalled();
    expect(vi.mocked(Server.prototype.listen)).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
  for (const driver of drivers) describeDriver(driver);

  test.each(drivers)(
    '$name: values of a silent device leave good within 3 s, on a clock that only we move',
    async (subject) => {
      const clock = new SimulatedClock(Date.now());
      const rig = await ConformanceRig.start(subject, clock);
      try {
        // An OPC UA server has timers of its own: until it is silent, our clock keeps step.
        const step = setInterval(() => clock.advance(STEP_ms), STEP_ms);
        await rig.ready();
        clearInterval(step);
        rig.device.freeze();
        const silentSince = clock.monotonic();
        while (
          ['position', 'localRemote', 'current_A'].some((one) => rig.quality(one) === 'good')
        ) {
          clock.advance(STEP_ms);
          for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
          expect(clock.monotonic() - silentSince).toBeLessThanOrEqual(LEAVES_GOOD_ms);
        }
        expect(rig.quality('position')).toBe('notTopical');
        expect(rig.value('position')).toBe('open');
      } finally {
        const step = setInterval(() => clock.advance(STEP_ms), STEP_ms);
        await rig.stop();
        clearInterval(step);
      }
    },
  );
});
