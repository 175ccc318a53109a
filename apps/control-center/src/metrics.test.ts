import type { GatewayFigures, HealthView, LinkHealth, Snapshot } from '@relight/contract';
import { expect, test } from 'vitest';
import { metricsText, type ControlFigures } from './metrics.ts';

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

const CONTROL: ControlFigures = {
  loop: { p99_ms: 12, max_ms: 40 },
  sessions: 3,
  streams: 4,
  refusals: new Map([['RL-042', 2]]),
  commandEnds: new Map([
    ['verified', 7],
    ['unknown', 1],
  ]),
  journal: { bounds_s: [0.001, 0.01], counts: [5, 8], count: 9, sum_s: 0.25 },
  audit: { head: 812, behind_ms: 0, commit_ms: 4, token: 3, lease_ms: 2_500 },
};

const ALARMS = [
  { priority: 1, state: 'unacknowledged' },
  { priority: 1, state: 'unacknowledged' },
  { priority: 3, state: 'shelved' },
];

test('each link and part is a line Prometheus reads, without what is not known, and without words of devices', () => {
  const snapshot = {
    links: [LINK],
    alarms: ALARMS,
    summary: { customersOut: 7 },
  } as unknown as Snapshot;
  const text = metricsText({ snapshot, health: HEALTH, gateway: FIGURES, control: CONTROL });
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
  expect(lines).toContain('relight_event_loop_delay_p99_seconds 0.012');
  expect(lines).toContain('relight_sessions 3');
  expect(lines).toContain('relight_alarms{priority="1",state="unacknowledged"} 2');
  expect(lines).toContain('relight_alarms{priority="3",state="shelved"} 1');
  expect(lines).toContain('relight_journal_head 812');
  expect(lines).toContain('relight_journal_commit_seconds 0.004');
  expect(lines).toContain('relight_fencing_token 3');
  expect(lines).toContain('relight_lease_left_seconds 2.5');
  expect(lines).toContain('relight_refusals_total{code="RL-042"} 2');
  expect(lines).toContain('relight_commands_total{end="unknown"} 1');
  expect(lines).toContain('relight_journal_latency_seconds_bucket{le="0.01"} 8');
  expect(lines).toContain('relight_journal_latency_seconds_bucket{le="+Inf"} 9');
  expect(text).not.toMatch(/last_success_timestamp_seconds\{|part="journal"|password/);
  for (const line of lines.filter((one) => one !== '' && !one.startsWith('#'))) {
    expect(line).toMatch(
      /^[a-z0-9_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="[a-z]+")*\})? -?[0-9.e+-]+$/,
    );
  }
});
