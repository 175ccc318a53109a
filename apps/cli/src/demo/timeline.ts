import type {
  CommandView,
  Delta,
  IncidentView,
  PlantTruth,
  Snapshot,
  WireRecord,
} from '@relight/contract';

/** One thing that happened; further fields depend on the event. */
export interface TimelineEntry {
  /** Since the fault was placed, ms. */
  readonly at_ms: number;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Notes every change of an incident or a command as the stream tells it. */
export class TimelineRecorder {
  readonly #entries: { readonly wall_ms: number; readonly entry: Omit<TimelineEntry, 'at_ms'> }[] =
    [];
  readonly #incidents = new Map<string, IncidentView>();
  readonly #commands = new Map<string, CommandView>();
  /** Monotonic time of the last change of an incident or command. */
  lastChange_ms = performance.now();

  take(message: Snapshot | Delta): void {
    const at_ms = message.serverTime_ms;
    for (const incident of message.incidents ?? []) this.#takeIncident(at_ms, incident);
    for (const command of message.commands ?? []) this.#takeCommand(command);
  }

  #takeIncident(at_ms: number, incident: IncidentView): void {
    const before = this.#incidents.get(incident.id);
    this.#incidents.set(incident.id, incident);
    if (before?.state !== incident.state) {
      this.#note(at_ms, {
        event: `incident ${incident.state}`,
        incident: incident.id,
        tripped: incident.tripped,
        customersOut: incident.customersOut,
        customersRestored: incident.customersRestored,
        ...(incident.reasons.length > 0
          ? { reasons: incident.reasons.map((reason) => reason.en) }
          : {}),
      });
    } else if (before.customersRestored !== incident.customersRestored) {
      this.#note(at_ms, {
        event: 'supply back',
        incident: incident.id,
        customersRestored: incident.customersRestored,
        customersDark: incident.customersDark,
      });
    }
    if (incident.plan !== null && before?.planVersion !== incident.planVersion) {
      this.#note(at_ms, {
        event: 'plan',
        incident: incident.id,
        version: incident.planVersion,
        isolated: incident.plan.fault.isolated,
        steps: incident.plan.steps.map((step) => `${step.action} ${step.switch}`),
      });
    }
  }

  #takeCommand(command: CommandView): void {
    const before = this.#commands.get(command.id);
    this.#commands.set(command.id, command);
    if (before?.state === command.state) return;
    this.#note(command.changedAt_ms, {
      event: `command ${command.state}`,
      command: command.id,
      switch: command.equipment,
      operation: command.operation,
      ...(command.reason === null ? {} : { reason: command.reason.en }),
    });
  }

  #note(wall_ms: number, entry: Omit<TimelineEntry, 'at_ms'> & { readonly event: string }): void {
    this.lastChange_ms = performance.now();
    this.#entries.push({ wall_ms, entry });
  }

  /**
   * Everything in order of time: what the control centre said, what protection did in the
   * plant and what arrived on the wires, on the wall clock all three share.
   */
  finish(
    faultAt_ms: number,
    truth: PlantTruth,
    wire: readonly WireRecord[],
  ): readonly TimelineEntry[] {
    const all = [
      ...this.#entries,
      ...truth.protection.map(({ at_ms, equipment, event }) => ({
        wall_ms: at_ms,
        entry: { event: `protection ${event}`, switch: equipment },
      })),
      ...wire.map(({ at_ms, kind, switch: device, rtu, value }) => ({
        wall_ms: at_ms,
        entry: { event: `wire ${kind}`, switch: device, rtu, value },
      })),
    ];
    return all
      .filter(({ wall_ms }) => wall_ms >= faultAt_ms - 1)
      .toSorted((a, b) => a.wall_ms - b.wall_ms)
      .map(({ wall_ms, entry }) => ({
        ...(entry as { readonly event: string }),
        at_ms: Math.round(wall_ms - faultAt_ms),
      }));
  }
}
