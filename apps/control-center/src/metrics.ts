import type { GatewayFigures, HealthView, LinkHealth, Snapshot } from '@relight/contract';
import type { LoopDelay } from './event-loop.ts';
import type { Latency } from './journal-watch.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly kind: 'gauge' | 'counter';
  readonly value: (link: LinkHealth) => number | null | undefined;
}

const s = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);

const LINK_METRICS: readonly Metric[] = [
  {
    name: 'relight_link_up',
    help: '1 while the link to the RTU stands and everything was read.',
    kind: 'gauge',
    value: ({ state }) => (state === 'up' ? 1 : 0),
  },
  {
    name: 'relight_link_since_timestamp_seconds',
    help: 'Since when the link is in this state.',
    kind: 'gauge',
    value: ({ since_ms }) => s(since_ms),
  },
  {
    name: 'relight_link_round_trip_seconds',
    help: 'Round trip of the newest answered request.',
    kind: 'gauge',
    value: ({ roundTrip_ms }) => s(roundTrip_ms),
  },
  {
    name: 'relight_link_last_success_timestamp_seconds',
    help: 'Time of the newest answer.',
    kind: 'gauge',
    value: ({ lastSuccess_ms }) => s(lastSuccess_ms),
  },
  {
    name: 'relight_link_clock_skew_seconds',
    help: 'Clock of the RTU minus clock of the gateway.',
    kind: 'gauge',
    value: ({ skew_ms }) => s(skew_ms ?? null),
  },
  {
    name: 'relight_link_errors_total',
    help: 'Requests that ended without a usable answer.',
    kind: 'counter',
    value: ({ errors }) => errors,
  },
  {
    name: 'relight_link_reconnects_total',
    help: 'Connections made anew after the first.',
    kind: 'counter',
    value: ({ reconnects }) => reconnects,
  },
  {
    name: 'relight_link_strays_total',
    help: 'Answers nobody waited for.',
    kind: 'counter',
    value: ({ strays }) => strays,
  },
  {
    name: 'relight_link_late_polls_total',
    help: 'Reads that began more than one period late.',
    kind: 'counter',
    value: ({ latePolls }) => latePolls,
  },
  {
    name: 'relight_link_malformed_total',
    help: 'Values, events and answers that made no sense.',
    kind: 'counter',
    value: ({ malformed }) => malformed,
  },
  {
    name: 'relight_link_lost_events_total',
    help: 'Events the RTU overwrote before they could be read.',
    kind: 'counter',
    value: ({ lostEvents }) => lostEvents,
  },
];

const GATEWAY_METRICS: readonly {
  readonly name: string;
  readonly help: string;
  readonly kind: Metric['kind'];
  readonly figure: keyof GatewayFigures;
}[] = [
  {
    name: 'relight_gateway_updates_waiting',
    help: 'Updates in the gateway on their way to the control centre.',
    kind: 'gauge',
    figure: 'waiting',
  },
  {
    name: 'relight_gateway_measurements_merged_total',
    help: 'Measurements replaced by newer ones before they left; the first to give way.',
    kind: 'counter',
    figure: 'mergedRefreshes',
  },
  {
    name: 'relight_gateway_events_lost_total',
    help: 'Events replaced by a newer state because 100,000 were waiting.',
    kind: 'counter',
    figure: 'lostEvents',
  },
  {
    name: 'relight_gateway_unknown_points_total',
    help: 'Readings of points that are not in the list.',
    kind: 'counter',
    figure: 'unknownPoints',
  },
];

/** What the control centre knows of itself. */
export interface ControlFigures {
  readonly loop: LoopDelay;
  readonly sessions: number;
  readonly streams: number;
  /** Refusals at the door by error code, and commands by how they ended; since the start. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly commandEnds: ReadonlyMap<string, number>;
  readonly journal: Latency;
  readonly audit: AuditFigures;
}

/** How the audit journal stands, and the right to write to it and to the field. */
export interface AuditFigures {
  /** Last record on disk. */
  readonly head: number;
  readonly behind_ms: number;
  readonly commit_ms: number;
  readonly token: number;
  readonly lease_ms: number;
}

/** Everything that is told in figures. */
export interface Figures {
  readonly snapshot: Pick<Snapshot, 'links' | 'summary' | 'alarms'>;
  readonly health: HealthView;
  /** Null before the gateway has told any. */
  readonly gateway: GatewayFigures | null;
  readonly control: ControlFigures;
}

/**
 * The links and the parts of the control centre in the text format of Prometheus (0.0.4). What a
 * device says of itself in words stays out: only ids and figures.
 */
export function metricsText({ snapshot, health, gateway, control }: Figures): string {
  const lines: string[] = [];
  const begin = (name: string, help: string, kind: Metric['kind'] | 'histogram'): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`);
  };
  for (const { name, help, kind, value } of LINK_METRICS) {
    begin(name, help, kind);
    for (const link of snapshot.links) {
      const figure = value(link);
      if (figure === null || figure === undefined) continue;
      lines.push(`${name}{rtu="${escaped(link.rtu)}"} ${figure}`);
    }
  }
  for (const { name, help, kind, figure } of gateway === null ? [] : GATEWAY_METRICS) {
    begin(name, help, kind);
    lines.push(`${name} ${gateway?.[figure] ?? 0}`);
  }
  begin('relight_part_silent_seconds', 'Age of the newest sign of life of each part.', 'gauge');
  for (const [part, age_ms] of Object.entries(health.parts)) {
    if (age_ms !== null)
      lines.push(`relight_part_silent_seconds{part="${escaped(part)}"} ${age_ms / 1_000}`);
  }
  begin('relight_ok', '1 while every part works.', 'gauge');
  lines.push(`relight_ok ${health.ok ? 1 : 0}`);
  controlLines(control, begin, lines);
  begin('relight_alarms', 'Alarms that are shown, by priority and state.', 'gauge');
  for (const [labels, count] of sorted(alarmCounts(snapshot))) {
    lines.push(`relight_alarms{${labels}} ${count}`);
  }
  begin('relight_customers_out', 'Customers without supply, as far as the picture tells.', 'gauge');
  lines.push(`relight_customers_out ${snapshot.summary.customersOut}`);
  return `${lines.join('\n')}\n`;
}

function controlLines(
  { loop, sessions, streams, refusals, commandEnds, journal, audit }: ControlFigures,
  begin: (name: string, help: string, kind: Metric['kind'] | 'histogram') => void,
  lines: string[],
): void {
  begin('relight_event_loop_delay_p99_seconds', 'Of the last ten seconds.', 'gauge');
  lines.push(`relight_event_loop_delay_p99_seconds ${loop.p99_ms / 1_000}`);
  begin('relight_event_loop_delay_max_seconds', 'Of the last ten seconds.', 'gauge');
  lines.push(`relight_event_loop_delay_max_seconds ${loop.max_ms / 1_000}`);
  begin('relight_sessions', 'People logged in.', 'gauge');
  lines.push(`relight_sessions ${sessions}`);
  begin('relight_streams', 'Open streams.', 'gauge');
  lines.push(`relight_streams ${streams}`);
  begin('relight_refusals_total', 'Requests turned away at the door, by error code.', 'counter');
  for (const [code, count] of sorted(refusals)) {
    lines.push(`relight_refusals_total{code="${escaped(code)}"} ${count}`);
  }
  begin('relight_commands_total', 'Commands by how they ended.', 'counter');
  for (const [end, count] of sorted(commandEnds)) {
    lines.push(`relight_commands_total{end="${escaped(end)}"} ${count}`);
  }
  begin('relight_journal_head', 'Sequence of the last audit record that is on disk.', 'gauge');
  lines.push(`relight_journal_head ${audit.head}`);
  begin('relight_journal_behind_seconds', 'Age of the oldest record not on disk.', 'gauge');
  lines.push(`relight_journal_behind_seconds ${audit.behind_ms / 1_000}`);
  begin('relight_journal_commit_seconds', 'Time the newest group commit took.', 'gauge');
  lines.push(`relight_journal_commit_seconds ${audit.commit_ms / 1_000}`);
  begin('relight_fencing_token', 'Token this control centre writes under.', 'gauge');
  lines.push(`relight_fencing_token ${audit.token}`);
  begin('relight_lease_left_seconds', 'Until the lease is over unless renewed.', 'gauge');
  lines.push(`relight_lease_left_seconds ${audit.lease_ms / 1_000}`);
  const name = 'relight_journal_latency_seconds';
  begin(name, 'From a decision to its record on disk.', 'histogram');
  journal.bounds_s.forEach((bound, i) => {
    lines.push(`${name}_bucket{le="${bound}"} ${journal.counts[i] ?? 0}`);
  });
  lines.push(`${name}_bucket{le="+Inf"} ${journal.count}`);
  lines.push(`${name}_sum ${journal.sum_s}`, `${name}_count ${journal.count}`);
}

function alarmCounts({ alarms }: Pick<Snapshot, 'alarms'>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { priority, state } of alarms) {
    const labels = `priority="${priority}",state="${state}"`;
    counts.set(labels, (counts.get(labels) ?? 0) + 1);
  }
  return counts;
}

function sorted(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
