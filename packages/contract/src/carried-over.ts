import { z } from 'zod';
import { CarriedAlarm } from './alarms.ts';
import { ApprovalView, SheddingListView } from './approvals.ts';
import { CommandView, ScopeMode } from './console-protocol.ts';
import { ControlLockView } from './control-lock.ts';
import { AutomationMode } from './grid-file.ts';
import { AdoptedPosition } from './normal-state.ts';
import { StandingJoint } from './phase-order.ts';
import { Bilingual } from './signals.ts';
import { TagView } from './tags.ts';
import { SwitchOperation } from './telemetry.ts';

/** A tag as the journal keeps it. */
export const StandingTag = TagView.omit({ removedAt_ms: true, on: true });
export type StandingTag = z.infer<typeof StandingTag>;

/** A portable earth as the journal keeps it; `equipment` is a node or a section. */
export const StandingEarth = z.strictObject({
  id: z.string(),
  equipment: z.string(),
  label: z.string(),
  text: z.string(),
  owner: z.string(),
  ownerName: z.string(),
  placedAt_ms: z.number(),
});
export type StandingEarth = z.infer<typeof StandingEarth>;

/** A person's word on where a device stands that sends no position. */
export const EnteredPosition = z.strictObject({
  equipment: z.string(),
  position: z.enum(['open', 'closed']),
  text: z.string(),
  by: z.string(),
  byName: z.string(),
  at_ms: z.number(),
});
export type EnteredPosition = z.infer<typeof EnteredPosition>;

/** A request whose idempotency key is on record: asked again, it gets the fate of what it made. */
export const CarriedRequest = z.strictObject({
  key: z.string(),
  /** SHA-256 of who asked for what. */
  wish: z.string(),
  /** Id of the command, tag, earth or list it made. */
  made: z.string(),
  /** The command it made, as its last record left it; null where it made something else. */
  command: CommandView.nullable(),
});
export type CarriedRequest = z.infer<typeof CarriedRequest>;

/** What earlier runs leave behind, read from their journal at the start. */
export const CarriedOver = z.strictObject({
  /** Number of the last incident; the next one follows it. */
  lastIncident: z.int().nonnegative(),
  /** Sections that still have to stay dead, by incident. */
  keptDead: z.array(
    z.strictObject({
      incident: z.string(),
      openedAt_ms: z.number(),
      sections: z.array(z.string()),
      /** Sections of it that a person declared repaired already. Absent: none. */
      repaired: z.array(z.string()).optional(),
      /** When a person expected its repair to be done, wall time. Absent: nobody said. */
      repair: z.strictObject({ dueAt_ms: z.number(), byName: z.string() }).optional(),
    }),
  ),
  /** Incidents whose part is repaired and whose way back is still owed. Absent: none. */
  waysBack: z
    .array(
      z.strictObject({
        incident: z.string(),
        openedAt_ms: z.number(),
        /** Sections that lost supply by it. */
        sections: z.array(z.string()),
        /** Those of them that were faulted and have been repaired. */
        repaired: z.array(z.string()),
      }),
    )
    .optional(),
  /**
   * Sections that the independent monitor held for faulted though no incident kept them dead.
   * Absent: none.
   */
  monitorHolds: z.array(z.string()).optional(),
  /** Commands whose operate order may have gone out and whose outcome nobody recorded. */
  openCommands: z.array(
    z.strictObject({ id: z.string(), equipment: z.string(), operation: SwitchOperation }),
  ),
  /** Commands whose operate order cannot have gone out: they expire with their run. */
  unsentCommands: z
    .array(z.strictObject({ id: z.string(), equipment: z.string(), operation: SwitchOperation }))
    .optional(),
  /** The newest requests with an idempotency key, oldest first. Absent: none. */
  requests: z.array(CarriedRequest).optional(),
  /** What waited for a second person when the run ended: void, and said to be so. */
  approvals: z.array(ApprovalView).optional(),
  /** Tags that stand; absent in logs from before there were tags. */
  tags: z.array(StandingTag).optional(),
  /** Portable earths that are on the grid. */
  earths: z.array(StandingEarth).optional(),
  /** Sections with conductors of unconfirmed phase order. Absent: none. */
  joints: z.array(StandingJoint).optional(),
  /** Normal positions that differ from the grid file by decision of two people. Absent: none. */
  adopted: z.array(AdoptedPosition).optional(),
  /** Positions that people entered, newest word on each device. */
  positions: z.array(EnteredPosition).optional(),
  /** Modes set for the system, a substation or a device. */
  modes: z.array(ScopeMode).optional(),
  sheddingLists: z.array(SheddingListView).optional(),
  /** Alarms that stood or were put aside, in the order of their raising. Absent: none. */
  alarms: z.array(CarriedAlarm).optional(),
  /** The last mode a person gave each feeder, by feeder id. Absent: none. */
  feederModes: z.record(z.string(), AutomationMode).optional(),
  /** Feeders out of automatic until an alarm is acknowledged. Absent: none. */
  feedersOut: z
    .array(z.strictObject({ feeder: z.string(), reason: Bilingual, alarmKey: z.string() }))
    .optional(),
  /** Control was locked and nobody has lifted that. Absent: it was not. */
  controlLock: ControlLockView.optional(),
  /** Last change of an account that is on record; absent: none. */
  accountChange: z.int().positive().optional(),
  /** SHA-256 of the configuration last put on record. */
  configurationHash: z.string().optional(),
  /** SHA-256 of the grid file of the last run. */
  gridHash: z.string().optional(),
});
export type CarriedOver = z.infer<typeof CarriedOver>;
