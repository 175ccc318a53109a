import { z } from 'zod';
import {
  AdoptedPosition,
  ApprovalView,
  AutomationMode,
  Bilingual,
  CarriedAlarm,
  CarriedOver,
  CommandView,
  ControlLockView,
  EnteredPosition,
  ScopeMode,
  SheddingListView,
  StandingEarth,
  StandingJoint,
  StandingTag,
  SwitchOperation,
  type CarriedRequest,
  type JournalRecord,
} from '@relight/contract';
import { REQUESTS_KEPT } from '@relight/operations';

const KeptDead = z.object({
  keepsDead: z.array(z.string()),
  repaired: z.array(z.string()).optional(),
  openedAt_ms: z.number(),
});
const WayBackOwed = z.object({
  wayBack: z.object({ sections: z.array(z.string()), repaired: z.array(z.string()) }).nullable(),
  openedAt_ms: z.number(),
});
const RepairExpected = z.object({ dueAt_ms: z.number(), byName: z.string() });
const CommandArrow = z.object({
  state: CommandView.shape.state,
  equipment: z.string(),
  operation: SwitchOperation,
  reason: Bilingual.optional(),
});
const KeyTaken = z.object({
  idempotencyKey: z.string(),
  wish: z.string(),
  command: CommandView.optional(),
});
const ApprovalAsked = z.object({ state: z.literal('waiting'), view: ApprovalView });
const ApprovalSaid = z.object({ approval: z.string() });
const ModeSet = z.object({ feeder: z.string(), to: AutomationMode });
const FeederOut = z.object({ feeder: z.string(), outOfAutomatic: Bilingual, alarmKey: z.string() });
const AccountTold = z.object({ action: z.literal('account'), change: z.int() });
const ConfigurationTold = z.object({ action: z.literal('configuration'), hash: z.string() });
const TagPlaced = z.object({ state: z.literal('placed'), tag: StandingTag });
const EarthPlaced = z.object({ state: z.literal('placed'), earth: StandingEarth });
const JointTold = z.object({ state: z.literal('unconfirmed'), joint: StandingJoint });
const NormalTold = z.object({ adopted: z.array(AdoptedPosition) });
const Removed = z.object({ state: z.literal('removed') });
const PositionEntered = z.object({ entered: EnteredPosition });
const PositionTakenBack = z.object({ removed: EnteredPosition });
const ScopeModeSet = z.object({ scope: ScopeMode });
const ListKept = z.object({ list: SheddingListView });
const MonitorHolds = z.object({ holds: z.array(z.string()) });
const LockSet = z.object({ lock: ControlLockView.nullable() });
const HOLDS: ReadonlySet<JournalRecord['kind']> = new Set<JournalRecord['kind']>([
  'tag',
  'earth',
  'position',
  'shedding',
]);
/** States in which the write may have gone out and nothing is known of what came of it. */
const WITHOUT_OUTCOME: ReadonlySet<string> = new Set(['executing', 'acknowledged', 'unknown']);
/** States in which nothing that moves a device can have gone out. */
const UNSENT: ReadonlySet<string> = new Set(['requested', 'approved', 'selected']);

/**
 * What the journal so far leaves to the next run: the last word on each incident, alarm and mode,
 * and the commands of the last run that have no outcome. Takes record by record, in order.
 */
export class EarlierRuns {
  #lastIncident = 0;
  readonly #keptDead = new Map<string, Omit<CarriedOver['keptDead'][number], 'repair'>>();
  /** Expected ends of repairs, by incident. */
  readonly #repairs = new Map<string, z.infer<typeof RepairExpected>>();
  readonly #waysBack = new Map<string, NonNullable<CarriedOver['waysBack']>[number]>();
  #monitorHolds: readonly string[] = [];
  readonly #commands = new Map<string, CarriedOver['openCommands'][number]>();
  readonly #unsent = new Map<string, CarriedOver['openCommands'][number]>();
  /** By key, oldest first. */
  readonly #requests = new Map<string, CarriedRequest>();
  /** Key of the request that made a command, by the command's id. */
  readonly #keyOf = new Map<string, string>();
  readonly #approvals = new Map<string, ApprovalView>();
  readonly #alarms = new Map<string, CarriedAlarm>();
  readonly #feederModes = new Map<string, AutomationMode>();
  readonly #feedersOut = new Map<string, NonNullable<CarriedOver['feedersOut']>[number]>();
  readonly #tags = new Map<string, StandingTag>();
  readonly #earths = new Map<string, StandingEarth>();
  #adopted: readonly AdoptedPosition[] = [];
  readonly #joints = new Map<string, StandingJoint>();
  readonly #positions = new Map<string, EnteredPosition>();
  readonly #modes = new Map<string, ScopeMode>();
  readonly #sheddingLists = new Map<string, SheddingListView>();
  #controlLock: ControlLockView | null = null;
  #accountChange = 0;
  #configurationHash: string | null = null;
  #gridHash: string | null = null;

  /** @param known - What the records before the first one left, from a checkpoint. */
  constructor(known?: CarriedOver) {
    if (known === undefined) return;
    this.#lastIncident = known.lastIncident;
    for (const { repair, ...kept } of known.keptDead) {
      this.#keptDead.set(kept.incident, kept);
      if (repair !== undefined) this.#repairs.set(kept.incident, repair);
    }
    for (const each of known.waysBack ?? []) this.#waysBack.set(each.incident, each);
    this.#monitorHolds = known.monitorHolds ?? [];
    for (const each of known.openCommands) this.#commands.set(each.id, each);
    for (const each of known.unsentCommands ?? []) this.#unsent.set(each.id, each);
    for (const each of known.requests ?? []) this.#keepRequest(each);
    for (const each of known.approvals ?? []) this.#approvals.set(each.id, each);
    for (const each of known.alarms ?? []) this.#alarms.set(each.key, each);
    for (const [feeder, mode] of Object.entries(known.feederModes ?? {}))
      this.#feederModes.set(feeder, mode);
    for (const each of known.feedersOut ?? []) this.#feedersOut.set(each.feeder, each);
    for (const each of known.tags ?? []) this.#tags.set(each.id, each);
    for (const each of known.earths ?? []) this.#earths.set(each.id, each);
    this.#adopted = known.adopted ?? [];
    for (const each of known.joints ?? []) this.#joints.set(each.section, each);
    for (const each of known.positions ?? []) this.#positions.set(each.equipment, each);
    for (const each of known.modes ?? []) this.#modes.set(each.id, each);
    for (const each of known.sheddingLists ?? []) this.#sheddingLists.set(each.id, each);
    this.#controlLock = known.controlLock ?? null;
    this.#accountChange = known.accountChange ?? 0;
    this.#configurationHash = known.configurationHash ?? null;
    this.#gridHash = known.gridHash ?? null;
  }

  take({ kind, about, body, at_ms }: JournalRecord): void {
    if (kind === 'start') {
      // That run has told its people already.
      this.#commands.clear();
      this.#unsent.clear();
      this.#approvals.clear();
      const { gridHash } = body;
      if (typeof gridHash === 'string') this.#gridHash = gridHash;
    } else if (kind === 'incident' && about !== null) this.#takeIncident(about, body);
    else if (kind === 'command' && about !== null) this.#takeCommand(about, body, at_ms);
    else if (kind === 'request' && about !== null) this.#takeRequest(about, body);
    else if (kind === 'approval') this.#takeApproval(body);
    else if (kind === 'alarm') this.#takeAlarm(body);
    else if (about !== null && HOLDS.has(kind)) this.#takeHold(kind, about, body);
    else if (kind === 'forecast' && about !== null) {
      const { data } = RepairExpected.safeParse(body);
      if (data !== undefined) this.#repairs.set(about, data);
    } else if (kind === 'phaseOrder' && about !== null) {
      const joint = JointTold.safeParse(body);
      if (joint.success) this.#joints.set(about, joint.data.joint);
      // Only a confirmation ends a doubt, and nothing that merely cannot be read.
      else if (body['state'] === 'confirmed') this.#joints.delete(about);
    } else if (kind === 'normalState') {
      const { data } = NormalTold.safeParse(body);
      if (data !== undefined) this.#adopted = data.adopted;
    } else if (kind === 'mode') {
      this.#takeMode(body);
    } else if (kind === 'controlLock') {
      const change = LockSet.safeParse(body);
      if (change.success) this.#controlLock = change.data.lock;
    } else if (kind === 'monitor') {
      const { data } = MonitorHolds.safeParse(body);
      if (data !== undefined) this.#monitorHolds = data.holds;
    } else if (kind === 'people') this.#takePeople(body);
  }

  #takePeople(body: JournalRecord['body']): void {
    const account = AccountTold.safeParse(body);
    if (account.success) {
      this.#accountChange = Math.max(this.#accountChange, account.data.change);
    }
    const configuration = ConfigurationTold.safeParse(body);
    if (configuration.success) this.#configurationHash = configuration.data.hash;
  }

  #takeIncident(incident: string, body: JournalRecord['body']): void {
    const number = Number(/^SC-(\d+)$/.exec(incident)?.[1] ?? 0);
    this.#lastIncident = Math.max(this.#lastIncident, number);
    const owed = WayBackOwed.safeParse(body);
    if (owed.success) {
      const { wayBack, openedAt_ms } = owed.data;
      if (wayBack === null) this.#waysBack.delete(incident);
      else this.#waysBack.set(incident, { incident, openedAt_ms, ...wayBack });
    }
    const kept = KeptDead.safeParse(body);
    if (!kept.success) return;
    const { keepsDead, openedAt_ms, repaired } = kept.data;
    if (keepsDead.length === 0) {
      this.#keptDead.delete(incident);
      this.#repairs.delete(incident);
    } else {
      const part = { incident, openedAt_ms, sections: keepsDead };
      this.#keptDead.set(incident, repaired === undefined ? part : { ...part, repaired });
    }
  }

  #takeCommand(id: string, body: JournalRecord['body'], at_ms: number): void {
    const arrow = CommandArrow.safeParse(body);
    if (!arrow.success) return;
    const { state, equipment, operation, reason = null } = arrow.data;
    if (WITHOUT_OUTCOME.has(state)) this.#commands.set(id, { id, equipment, operation });
    else this.#commands.delete(id);
    if (UNSENT.has(state)) this.#unsent.set(id, { id, equipment, operation });
    else this.#unsent.delete(id);
    const request = this.#requests.get(this.#keyOf.get(id) ?? '');
    if (request === undefined || request.command === null) return;
    const command = { ...request.command, state, reason, changedAt_ms: at_ms, until_ms: null };
    this.#requests.set(request.key, { ...request, command });
  }

  #takeRequest(made: string, body: JournalRecord['body']): void {
    const { data } = KeyTaken.safeParse(body);
    if (data === undefined) return;
    const { idempotencyKey: key, wish, command = null } = data;
    this.#keepRequest({ key, wish, made, command });
  }

  #keepRequest(request: CarriedRequest): void {
    this.#requests.set(request.key, request);
    this.#keyOf.set(request.made, request.key);
    for (const [key, { made }] of this.#requests) {
      if (this.#requests.size <= REQUESTS_KEPT) return;
      this.#requests.delete(key);
      this.#keyOf.delete(made);
    }
  }

  #takeApproval(body: JournalRecord['body']): void {
    const asked = ApprovalAsked.safeParse(body);
    if (asked.success) this.#approvals.set(asked.data.view.id, asked.data.view);
    else {
      const said = ApprovalSaid.safeParse(body);
      if (said.success) this.#approvals.delete(said.data.approval);
    }
  }

  /** Tags, earths, entered positions and shedding lists: the last word on each. */
  #takeHold(kind: JournalRecord['kind'], about: string, body: JournalRecord['body']): void {
    if (kind === 'tag' || kind === 'earth') {
      if (Removed.safeParse(body).success) {
        this.#tags.delete(about);
        this.#earths.delete(about);
      }
      const tag = TagPlaced.safeParse(body);
      if (tag.success) this.#tags.set(about, tag.data.tag);
      const earth = EarthPlaced.safeParse(body);
      if (earth.success) this.#earths.set(about, earth.data.earth);
      return;
    }
    const position = PositionEntered.safeParse(body);
    if (position.success) this.#positions.set(about, position.data.entered);
    if (PositionTakenBack.safeParse(body).success) this.#positions.delete(about);
    const list = ListKept.safeParse(body);
    if (!list.success) return;
    if (list.data.list.state === 'approved') this.#sheddingLists.set(about, list.data.list);
    else this.#sheddingLists.delete(about);
  }

  #takeMode(body: JournalRecord['body']): void {
    const mode = ModeSet.safeParse(body);
    if (mode.success) {
      this.#feederModes.set(mode.data.feeder, mode.data.to);
      this.#feedersOut.delete(mode.data.feeder);
    }
    const scope = ScopeModeSet.safeParse(body);
    if (scope.success) this.#modes.set(scope.data.scope.id, scope.data.scope);
    const out = FeederOut.safeParse(body);
    if (!out.success) return;
    const { feeder, outOfAutomatic, alarmKey } = out.data;
    this.#feedersOut.set(feeder, { feeder, reason: outOfAutomatic, alarmKey });
  }

  #takeAlarm(body: JournalRecord['body']): void {
    const alarm = CarriedAlarm.safeParse(body);
    if (!alarm.success) return;
    const { key, state, shelved, outOfService } = alarm.data;
    if (body['change'] === 'acknowledged') {
      for (const out of [...this.#feedersOut.values()]) {
        if (out.alarmKey === key) this.#feedersOut.delete(out.feeder);
      }
    }
    const over = state === 'normal' && shelved === null && outOfService === null;
    if (over) this.#alarms.delete(key);
    else this.#alarms.set(key, alarm.data);
  }

  left(): CarriedOver {
    return {
      lastIncident: this.#lastIncident,
      keptDead: [...this.#keptDead.values()].map((kept) => {
        const repair = this.#repairs.get(kept.incident);
        return repair === undefined ? kept : { ...kept, repair };
      }),
      ...(this.#waysBack.size === 0 ? {} : { waysBack: [...this.#waysBack.values()] }),
      ...(this.#monitorHolds.length === 0 ? {} : { monitorHolds: [...this.#monitorHolds] }),
      openCommands: [...this.#commands.values()],
      ...(this.#unsent.size === 0 ? {} : { unsentCommands: [...this.#unsent.values()] }),
      ...(this.#requests.size === 0 ? {} : { requests: [...this.#requests.values()] }),
      ...(this.#approvals.size === 0 ? {} : { approvals: [...this.#approvals.values()] }),
      ...(this.#alarms.size === 0 ? {} : { alarms: [...this.#alarms.values()] }),
      ...(this.#feederModes.size === 0
        ? {}
        : { feederModes: Object.fromEntries(this.#feederModes) }),
      ...(this.#feedersOut.size === 0 ? {} : { feedersOut: [...this.#feedersOut.values()] }),
      ...(this.#tags.size === 0 ? {} : { tags: [...this.#tags.values()] }),
      ...(this.#earths.size === 0 ? {} : { earths: [...this.#earths.values()] }),
      ...(this.#adopted.length === 0 ? {} : { adopted: [...this.#adopted] }),
      ...(this.#joints.size === 0 ? {} : { joints: [...this.#joints.values()] }),
      ...(this.#positions.size === 0 ? {} : { positions: [...this.#positions.values()] }),
      ...(this.#modes.size === 0 ? {} : { modes: [...this.#modes.values()] }),
      ...(this.#sheddingLists.size === 0
        ? {}
        : { sheddingLists: [...this.#sheddingLists.values()] }),
      ...(this.#controlLock === null ? {} : { controlLock: this.#controlLock }),
      ...(this.#accountChange === 0 ? {} : { accountChange: this.#accountChange }),
      ...(this.#configurationHash === null ? {} : { configurationHash: this.#configurationHash }),
      ...(this.#gridHash === null ? {} : { gridHash: this.#gridHash }),
    };
  }
}

const Checkpoint = z.object({ upTo: z.int(), carriedOver: CarriedOver });
const Started = z.object({ carriedOver: CarriedOver });

/** What is known before a record, and the sequence to read on from; null: it does not say. */
function knownAt({ kind, sequence, body }: JournalRecord): {
  readonly known: CarriedOver;
  readonly from: number;
} | null {
  if (kind === 'checkpoint') {
    const { data } = Checkpoint.safeParse(body);
    return data === undefined ? null : { known: data.carriedOver, from: data.upTo + 1 };
  }
  const { data } = Started.safeParse(body);
  return data === undefined ? null : { known: data.carriedOver, from: sequence };
}

/**
 * Reads an earlier journal from its newest checkpoint on; a start counts as one, for it records
 * what it took over. Where there is none it is read from its beginning.
 * @param checkpoints - Sequences of records of kind `start` or `checkpoint`, newest first.
 * @param read - Records from a sequence on. Cost: what stands behind the newest checkpoint.
 */
export function readEarlierRuns(
  checkpoints: Iterable<JournalRecord>,
  read: (fromSequence: number) => Iterable<JournalRecord>,
): EarlierRuns {
  for (const checkpoint of checkpoints) {
    const at = knownAt(checkpoint);
    if (at !== null) return takeAll(new EarlierRuns(at.known), read(at.from));
  }
  return takeAll(new EarlierRuns(), read(1));
}

function takeAll(runs: EarlierRuns, records: Iterable<JournalRecord>): EarlierRuns {
  for (const record of records) runs.take(record);
  return runs;
}
