import { describe } from 'vitest';
import { describeDriver } from '../../packages/gateway/src/testing/driver-conformance.ts';
import { sockets } from '../../simulators/rtu/src/index.ts';
import { bothDrivers } from './drivers/both-drivers.ts';

describe('over sockets', () => {
  for (const driver of bothDrivers(() => sockets)) describeDriver(driver);
});
