import type { IncidentView, Plan, PlantTruth } from '@relight/contract';
import type { Grid } from '@relight/grid';
import type { RunningSystem } from '../system/start-system.ts';
import { ControlCenterClient } from '../system/control-center-client.ts';
import { SimulationClient } from '../system/simulation-client.ts';
import { TimelineRecorder } from './timeline.ts';
import type { TimelineEntry } from './timeline.ts';

export interface DemoOptions {
  readonly grid: Grid;
  readonly equipment: string;
  readonly speed: number;
  /** Switches whose drive does not move. */
  readonly stuck: readonly string[];
  /** Switches or pole indicators that stay silent. */
  readonly missingIndicators: readonly string[];
  readonly progress: (text: string) => void;
}

export interface DemoReport {
  readonly grid: string;
  readonly fault: { readonly equipment: string; readonly kind: 'permanent' };
  readonly timeline: readonly TimelineEntry[];
  readonly customers: {
    /** Most customers without supply at any moment, by the plant. */
    readonly out: number;
    readonly restored: number;
    readonly dark: number;
    readonly insideFault: number;
  };
  readonly plan: Plan | null;
  readonly wire: readonly {
    readonly at_ms: number;
    readonly rtu: string;
    readonly protocol: string;
    readonly address: string;
    readonly value: number;
    readonly switch: string;
    readonly token?: number | undefined;
    readonly kind: string;
  }[];
  readonly truth: {
    readonly faultedEnergisedAfterTrip: boolean;
    readonly restorableDarkCustomers: number;
    readonly unrestorableCustomers: number;
    readonly loops: number;
  };
  /** False where the time limit came before the system was at rest. */
  readonly atRest: boolean;
  readonly ok: boolean;
}

/** States in which an incident moves on by itself. */
const MOVING: ReadonlySet<IncidentView['state']> = new Set(['reclosing', 'evidence', 'executing']);
/** States in which a command is still in the field. */
const IN_FLIGHT = new Set(['requested', 'selected', 'executing', 'acknowledged']);

/** Places one permanent fault in a running system and follows it until nothing moves any more. */
export async function runDemo(system: RunningSystem, options: DemoOptions): Promise<DemoReport> {
  const { progress, speed } = options;
  const simulation = new SimulationClient(system.simulators);
  const controlCenter = new ControlCenterClient(system.controlCenter);
  const recorder = new TimelineRecorder();
  await controlCenter.follow((message) => recorder.take(message));
  try {
    await becomeReady(controlCenter, options);
    for (const id of options.stuck) await simulation.misbehave(id, { stuck: true });
    for (const id of options.missingIndicators) {
      await simulation.misbehave(id, { indicator: 'missing' });
    }
    progress(`Fault: permanent, on ${options.equipment}.`);
    const fault = await simulation.placeFault({ equipment: options.equipment, kind: 'permanent' });
    const { atRest, mostOut } = await followUntilRest(controlCenter, simulation, recorder, speed);
    const [truth, wire] = [await simulation.truth(), await simulation.wire()];
    const { incidents } = controlCenter.picture;
    return {
      grid: options.grid.id,
      fault: { equipment: options.equipment, kind: 'permanent' },
      timeline: recorder.finish(fault.at_ms, truth, wire),
      customers: {
        out: mostOut,
        restored: mostOut - truth.customersOut,
        dark: truth.customersOut,
        insideFault: truth.insideFaultCustomers,
      },
      plan: incidents.findLast((incident) => incident.plan !== null)?.plan ?? null,
      wire: wire.map(({ connection: _connection, ...record }) => ({
        ...record,
        at_ms: Math.round(record.at_ms - fault.at_ms),
      })),
      truth: {
        faultedEnergisedAfterTrip: truth.faultedEnergisedAfterTrip,
        restorableDarkCustomers: truth.restorableDarkCustomers,
        unrestorableCustomers: truth.unrestorableCustomers,
        loops: truth.loops,
      },
      atRest,
      ok: atRest && succeeded(truth),
    };
  } finally {
    controlCenter.close();
  }
}

/** The plant alone judges: nobody dark who need not be, nothing faulted live, no loop. */
function succeeded(truth: PlantTruth): boolean {
  return (
    truth.restorableDarkCustomers === 0 && !truth.faultedEnergisedAfterTrip && truth.loops === 0
  );
}

/** Every station read once, every feeder in automatic. */
async function becomeReady(client: ControlCenterClient, options: DemoOptions): Promise<void> {
  const remote = new Set(options.grid.switches.filter((s) => s.remote).map((s) => s.id));
  const complete = (): boolean => {
    const { summary, switches } = client.picture;
    return (
      summary.rtus > 0 &&
      summary.rtusUp === summary.rtus &&
      switches.every((s) => !remote.has(s.id) || (s.position !== null && s.quality === 'good'))
    );
  };
  await client.until(complete, 60_000, 'every RTU to be read once');
  for (const feeder of client.picture.feeders) {
    if (feeder.mode !== 'automatic') await client.setMode(feeder.id, 'automatic');
  }
  const automatic = (): boolean =>
    client.picture.feeders.every((feeder) => feeder.mode === 'automatic');
  await client.until(automatic, 10_000, 'every feeder to be in automatic');
  const { rtus } = client.picture.summary;
  options.progress(`Ready: ${rtus} RTUs read, every feeder in automatic.`);
}

/**
 * Rest: an incident has come, none moves by itself, no command is in the field, and all of that
 * has held a while (longer than the guard time after a close, at which reclosing comes back).
 */
async function followUntilRest(
  client: ControlCenterClient,
  simulation: SimulationClient,
  recorder: TimelineRecorder,
  speed: number,
): Promise<{ readonly atRest: boolean; readonly mostOut: number }> {
  const limit_ms = 60_000 + 240_000 / speed;
  const quiet_ms = Math.max(2_500, 8_000 / speed);
  const end = performance.now() + limit_ms;
  let mostOut = 0;
  while (performance.now() < end) {
    mostOut = Math.max(mostOut, (await simulation.truth()).customersOut);
    const { incidents, commands } = client.picture;
    const settled =
      incidents.length > 0 &&
      !incidents.some((incident) => MOVING.has(incident.state)) &&
      !commands.some((command) => IN_FLIGHT.has(command.state));
    if (settled && performance.now() - recorder.lastChange_ms > quiet_ms) {
      return { atRest: true, mostOut };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { atRest: false, mostOut };
}
