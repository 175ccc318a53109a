import type { Bilingual, CommandView, ControlReport } from '@relight/contract';
import type { Person } from './people.ts';

/** A command on its way through its life; see STATE-MACHINE.md. */
export interface Command {
  readonly id: string;
  readonly switchIndex: number;
  readonly equipment: string;
  readonly operation: CommandView['operation'];
  readonly by: string;
  readonly incident: string | null;
  /** Step of the incident's plan it carries out; null for a person's command or a reclosing one. */
  readonly step: number | null;
  readonly requestedAt_ms: number;
  /** Executes by itself once selected. */
  readonly automatic: boolean;
  /** Who asked, where it was a person. */
  readonly person: Person | null;
  readonly emergency: boolean;
  /** Why interlocks are overridden, and which, once a second person has agreed. */
  readonly overrideReason: string | null;
  overridden: readonly string[];
  /** Approval it waits for, or was made with. */
  approval: string | null;
  secondPerson: Person | null;
  state: CommandView['state'];
  /** What it waits for within its state. */
  waits: 'approval' | 'reading' | 'durable' | 'report' | 'person' | 'position' | 'nothing';
  changedAt_ms: number;
  /** Monotonic and wall time at which the present state lapses. */
  until_ms: number | null;
  untilWall_ms: number | null;
  /** Journal sequence to be durable before it goes on. */
  durableFrom: number;
  /** RTUs whose fresh reading it waits for, and the request that asks. */
  poll: { readonly requestId: string; readonly rtus: string[] } | null;
  report: ControlReport | null;
  seenSequence: number | null;
  seenPosition: string | null;
  /** Monotonic time the operate order went out; null before. */
  operated_ms: number | null;
  /** Monotonic time at which its outcome was verified; null before. */
  verified_ms: number | null;
  /** The gateway was asked to take the operate order back. */
  recalled: boolean;
  /** Its outcome is unknown and no newer telemetry has settled it. */
  unsettled: boolean;
  /** The independent monitor refused it: engine and monitor disagree. */
  refusedByMonitor: boolean;
  reason: Bilingual | null;
}

/** What a command is made from; the rest of it is as at the beginning of a life unless given. */
type CommandStart = Pick<
  Command,
  'id' | 'switchIndex' | 'equipment' | 'operation' | 'by' | 'requestedAt_ms'
> &
  Partial<Command>;

/** A command that nobody has judged and nothing has been sent of. */
export function commandFrom(start: CommandStart): Command {
  return {
    incident: null,
    step: null,
    automatic: false,
    person: null,
    emergency: false,
    overrideReason: null,
    overridden: [],
    approval: null,
    secondPerson: null,
    state: 'requested',
    waits: 'durable',
    changedAt_ms: start.requestedAt_ms,
    until_ms: null,
    untilWall_ms: null,
    durableFrom: 0,
    poll: null,
    report: null,
    seenSequence: null,
    seenPosition: null,
    operated_ms: null,
    verified_ms: null,
    recalled: false,
    unsettled: false,
    refusedByMonitor: false,
    reason: null,
    ...start,
  };
}
