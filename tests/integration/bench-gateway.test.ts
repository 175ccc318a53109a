import { expect, test } from 'vitest';
import { relightJson } from './run-relight.ts';

/** Shape and sense, never a time: the machine may be busy, and a server take ten seconds to start. */
test.concurrent.each(['gateway-modbus', 'gateway-opcua'])(
  'bench %s reads a small field and prints what it measured',
  async (name) => {
    const { code, document } = await relightJson<{
      name: string;
      samples: number;
      figures: Readonly<Record<string, number>>;
    }>('bench', name, '--samples=40', '--seed=7', '--seconds=20');
    expect(code).toBe(0);
    expect(document.name).toBe(name);
    expect(document.samples).toBeGreaterThan(0);
    expect(document.figures['updatesPerSecond']).toBeGreaterThan(0);
    expect(document.figures['shareOfCore']).toBeGreaterThan(0);
    const { rtusUp = 40, reconnects = 0 } = document.figures;
    expect({ rtusUp, reconnects }).toEqual({ rtusUp: 40, reconnects: 0 });
  },
);

test('bench telemetry loses no status change of a small field, and its command goes through the storm', async () => {
  const { code, document } = await relightJson<{
    samples: number;
    figures: Readonly<Record<string, number>>;
  }>('bench', 'telemetry', '--grid=demo-town', '--samples=5', '--seed=7', '--seconds=30');
  expect(code).toBe(0);
  expect(document.samples).toBe(167);
  expect(document.figures).toMatchObject({
    ...{ rtusUp: 5, eventsLost: 0, eventsTwice: 0, streamGaps: 0, commandsVerified: 2 },
  });
  expect(document.figures['measurementsPerSecond']).toBeGreaterThan(0);
});
