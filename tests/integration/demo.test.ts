import { expect, test } from 'vitest';
import { relightJson } from './run-relight.ts';

/** What the tests read of the document of `relight demo --json`. */
interface DemoDocument {
  readonly grid: string;
  readonly fault: { readonly equipment: string };
  readonly timeline: readonly { readonly at_ms: number; readonly event: string }[];
  readonly customers: {
    readonly out: number;
    readonly restored: number;
    readonly dark: number;
    readonly insideFault: number;
  };
  readonly plan: {
    readonly tripped: readonly string[];
    readonly steps: readonly { readonly action: string; readonly switch: string }[];
  };
  readonly wire: readonly {
    readonly at_ms: number;
    readonly protocol: string;
    readonly switch: string;
    readonly kind: string;
    readonly token?: number;
  }[];
  readonly truth: {
    readonly faultedEnergisedAfterTrip: boolean;
    readonly restorableDarkCustomers: number;
    readonly unrestorableCustomers: number;
    readonly loops: number;
  };
}

const SPEED = ['--speed', '20'];

async function demo(...args: readonly string[]): Promise<DemoDocument> {
  const { code, document, stderr } = await relightJson<DemoDocument>('demo', ...SPEED, ...args);
  expect(code, stderr).toBe(0);
  expect(document.truth).toMatchObject({
    faultedEnergisedAfterTrip: false,
    restorableDarkCustomers: 0,
    loops: 0,
  });
  return document;
}

/** Switches in the order in which the one write of each command arrived. */
function operated(document: DemoDocument): string[] {
  return document.wire.filter(({ kind }) => kind === 'operate').map((write) => write.switch);
}

test('a fault mid-feeder: the part behind it comes back through the tie, over both protocols', async () => {
  // Section between 474-18 and 474-42: the breaker at the station trips, its own part comes back.
  const document = await demo('--equipment', '474.L03');
  expect(document.plan.tripped).toEqual(['PT.474']);
  expect(operated(document)).toEqual(
    expect.arrayContaining(['474-18', '474-42', '474-478-91', 'PT.474']),
  );
  expect(document.customers).toEqual({ out: 3255, restored: 2555, dark: 700, insideFault: 700 });
  const protocols = new Set(document.wire.map(({ protocol }) => protocol));
  expect([...protocols].toSorted()).toEqual(['modbus-tcp', 'opcua']);
});

test('every write follows a reservation by the same token, and no switch is operated twice', async () => {
  const document = await demo('--seed', '7');
  const positions = operated(document);
  for (const write of document.wire.filter(({ kind }) => kind === 'operate')) {
    const reserved = document.wire.find(
      (other) =>
        other.switch === write.switch &&
        other.at_ms <= write.at_ms &&
        (other.kind === 'arm' || other.kind === 'select'),
    );
    expect(reserved?.token, write.switch).toBeGreaterThan(0);
  }
  const moved = document.plan.steps.map((step) => step.switch);
  for (const id of moved) expect(positions.filter((each) => each === id)).toHaveLength(1);
});

test('a border switch that is stuck is replaced by the next one outward', async () => {
  // Between 474-42 and 474-61; with 474-61 stuck, 474-80 takes its place.
  const document = await demo('--equipment', '474.L06', '--stuck', '474-61');
  expect(operated(document)).toContain('474-80');
  expect(document.customers.insideFault).toBe(777);
  expect(document.customers.dark).toBeGreaterThan(777);
});

test('a fault indicator that stays silent does not mislead: its neighbour says enough', async () => {
  const document = await demo('--equipment', '475.L06', '--missing-indicator', 'FI.475-45');
  expect(document.customers).toMatchObject({ dark: 980, insideFault: 980 });
});

test('a lateral without a tie of its own stays dark with the fault it hangs on, and nobody else does', async () => {
  const document = await demo('--equipment', '473.L07');
  const { out, restored, dark, insideFault } = document.customers;
  expect({ out, restored, insideFault }).toEqual({ out: 2051, restored: 1065, insideFault: 368 });
  expect(dark - insideFault).toBe(document.truth.unrestorableCustomers);
});
