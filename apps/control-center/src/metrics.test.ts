import type { GatewayFigures, HealthView, LinkHealth, Snapshot } from '@relight/contract';
import { expect, test } from 'vitest';
import { metricsText } from './metrics.ts';

const LINK: LinkHealth = {
  rtu: 'RTU-"1"',
  state: 'up',
  since_ms: 1_800_000_000_000,
  roundTrip_ms: 12.5,
  lastSuccess_ms: null,
  errors: 3,
  reconnects: 1,
  skew_ms: -250,
  problem: 'point x: a password might stand here',
};
const HEALTH: HealthView = { ok: true, version: '1', parts: { gateway: 40, journal: null } };
const FIGURES: GatewayFigures = {
  waiting: 2,
  mergedRefreshes: 31,
  lostEvents: 0,
  unknownPoints: 4,
};

test('each link and part is a line Prometheus reads, without what is not known, and without words of devices', () => {
  const snapshot = { links: [LINK], summary: { customersOut: 7 } } as unknown as Snapshot;
  const text = metricsText(snapshot, HEALTH, FIGURES);
  const lines = text.split('\n');
  expect(lines).toContain('relight_link_up{rtu="RTU-\\"1\\""} 1');
  expect(lines).toContain('relight_link_round_trip_seconds{rtu="RTU-\\"1\\""} 0.0125');
  expect(lines).toContain('relight_link_clock_skew_seconds{rtu="RTU-\\"1\\""} -0.25');
  expect(lines).toContain('relight_link_errors_total{rtu="RTU-\\"1\\""} 3');
  expect(lines).toContain('relight_part_silent_seconds{part="gateway"} 0.04');
  expect(lines).toContain('relight_gateway_updates_waiting 2');
  expect(lines).toContain('relight_gateway_measurements_merged_total 31');
  expect(lines).toContain('relight_gateway_events_lost_total 0');
  expect(lines).toContain('relight_customers_out 7');
  expect(text).not.toMatch(/last_success_timestamp_seconds\{|part="journal"|password/);
  for (const line of lines.filter((one) => one !== '' && !one.startsWith('#'))) {
    expect(line).toMatch(/^[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"\})? -?[0-9.e+-]+$/);
  }
});
