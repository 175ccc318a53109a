import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Accepted,
  type CommandView,
  type IncidentView,
  type PlantTruth,
  type WireRecord,
} from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { readJournal, verifyJournal } from '@relight/journal';
import { BYSTANDER, manyLaterals, TRUNK } from './many-laterals.ts';
import { pause_ms, SurvivalRig } from './survival-rig.ts';

const SPEED = 40;
const LEAST_STEPS = 20;
/** Writes of the whole plan that a kill may follow; behind the last of them it is over. */
const FIRST_WRITE = 1;
const LAST_WRITE = 25;
/** About one step of the plan at this speed, guard time and all, ms. */
const STEP_ms = 1_200;
/** Long enough for several steps, if anybody went on with the plan, ms. */
const WATCH_ms = 4_000;

export interface PlanKillResult {
  /** Steps of the plan of each run. */
  readonly steps: readonly number[];
  /** Writes that were on the wire when the process was gone, of each run. */
  readonly writes: readonly number[];
  /** How many commands of the plans ended in each state. */
  readonly ends: Readonly<Record<string, number>>;
  /** What must never be; empty. */
  readonly violations: readonly string[];
}

/**
 * Kills the control centre, gateway and all, in the middle of a plan of at least twenty steps, and
 * starts it on the same journal: each run another system, the moments spread over the whole plan
 * and drawn from the seed. Every second one is killed in the moment it has taken a tag.
 */
export async function planKillLoop(
  runs: number,
  seed: number,
  progress: (text: string) => void = () => {},
): Promise<PlanKillResult> {
  const chance = new RandomStream(seed, 'plan-kills');
  const folder = mkdtempSync(join(tmpdir(), 'relight-many-laterals-'));
  const gridFile = join(folder, 'many-laterals.json');
  writeFileSync(gridFile, JSON.stringify(manyLaterals()));
  const steps: number[] = [];
  const writes: number[] = [];
  const ends: Record<string, number> = {};
  const violations: string[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      const share = (run + chance.next()) / runs;
      const moment = {
        writes: FIRST_WRITE + Math.floor(share * (LAST_WRITE - FIRST_WRITE + 1)),
        after_ms: chance.next() * STEP_ms,
        tag: run % 2 === 0,
      };
      const rig = await SurvivalRig.start({ speed: SPEED, seed: seed + run, gridFile });
      try {
        const one = await killOnce(rig, moment);
        steps.push(one.steps);
        writes.push(one.written.length);
        for (const { state } of one.commands) ends[state] = (ends[state] ?? 0) + 1;
        violations.push(...one.wrong.map((each) => `run ${run}: ${each}`));
        progress(
          `kill ${run + 1}/${runs}: ${one.written.length} writes of a plan of ${one.steps} steps, ` +
            `then ${one.state}${one.wrong.length === 0 ? '' : ` (${one.wrong.join('; ')})`}`,
        );
      } finally {
        await rig.stop();
      }
    }
    return { steps, writes, ends, violations };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Moment {
  /** Killed after so many writes are on the wire … */
  readonly writes: number;
  /** … and so much time more. */
  readonly after_ms: number;
  /** … or at once after a tag has been taken then. */
  readonly tag: boolean;
}

interface Killed {
  readonly steps: number;
  readonly written: readonly WireRecord[];
  readonly commands: readonly Recorded[];
  readonly state: string;
  readonly wrong: readonly string[];
}

async function killOnce(rig: SurvivalRig, moment: Moment): Promise<Killed> {
  await rig.simulation.placeFault({ equipment: TRUNK, kind: 'permanent' });
  await rig.until('the plan is being carried out', 60_000, ({ incidents }) =>
    incidents.some(({ state, plan }) => state === 'executing' && plan !== null),
  );
  while ((await rig.operates()).length < moment.writes) await pause_ms(20);
  await pause_ms(moment.after_ms);
  const told = await rig.snapshot();
  const tag = moment.tag ? await takeTag(rig) : null;
  await rig.kill();
  const written = await rig.operates();
  await rig.startCenter();
  await pause_ms(WATCH_ms);
  const { incidents, tags } = await rig.snapshot();
  const commands = commandsOnRecord(journalOf(rig));
  const truth = await rig.truth();
  const before = told.incidents[0];
  const incident = incidents.find(({ id }) => id === before?.id);
  const steps = before?.plan?.steps.length ?? 0;
  const wrong = [
    ...judgeWire(written, await rig.operates()),
    ...judgeCommands(written, truth.switches, commands),
    ...judgeShown(told.commands, commands),
    ...judgeIncident(before, incident),
    ...judgeRecords(rig, written),
  ];
  if (steps < LEAST_STEPS) wrong.push(`a plan of ${steps} steps only`);
  if (tag !== null && !tags.some(({ id }) => id === tag)) wrong.push(`tag ${tag} is lost`);
  if (truth.faultedEnergisedAfterTrip) wrong.push('the fault was energised');
  if (truth.loops !== 0) wrong.push(`${truth.loops} loops were closed`);
  return { steps, written, commands, state: incident?.state ?? 'gone', wrong };
}

/** Forbids the operation of a device beside the plan. @returns Its id, once it is answered. */
async function takeTag(rig: SurvivalRig): Promise<string> {
  const { status, body } = await rig.ask('POST', '/tags', {
    idempotencyKey: 'before-the-kill',
    kind: 'doNotOperate',
    equipment: BYSTANDER,
    text: 'Đội 3',
  });
  const tag = Accepted.parse(body).tag;
  if (tag === undefined) throw new Error(`no tag: ${status} ${JSON.stringify(body)}`);
  return tag.id;
}

function journalOf(rig: SurvivalRig): string {
  return join(rig.journalFolder, 'journal.db');
}

/** What a write asks for, whoever sends it. */
function wish({ switch: id, value }: WireRecord): string {
  return `${id} ${value}`;
}

/** No step twice, and nothing at all after the restart. */
function judgeWire(written: readonly WireRecord[], now: readonly WireRecord[]): string[] {
  const wrong = now
    .slice(written.length)
    .map((each) => `${wish(each)} was written after the restart`);
  const seen = new Set<string>();
  for (const each of written) {
    if (seen.has(wish(each))) wrong.push(`${wish(each)} was written twice`);
    seen.add(wish(each));
  }
  return wrong;
}

/** The last that is on record of one command. */
interface Recorded {
  readonly id: string;
  readonly equipment: string;
  readonly operation: string;
  readonly state: string;
}

function commandsOnRecord(path: string): readonly Recorded[] {
  const commands = new Map<string, Recorded>();
  for (const { record } of readJournal(path)) {
    if (record.kind !== 'command' || record.about === null) continue;
    const { equipment, operation, state } = record.body;
    commands.set(record.about, {
      id: record.about,
      equipment: String(equipment),
      operation: String(operation),
      state: String(state),
    });
  }
  return [...commands.values()];
}

/** Every write has its command, every command has an end, and what is said of it is true. */
function judgeCommands(
  written: readonly WireRecord[],
  positions: PlantTruth['switches'],
  commands: readonly Recorded[],
): string[] {
  const wrong: string[] = [];
  for (const id of new Set(written.map((each) => each.switch))) {
    const writes = written.filter((each) => each.switch === id).length;
    const sent = commands.filter(
      ({ equipment, state }) => equipment === id && MAY_BE_SENT.has(state),
    );
    if (sent.length < writes) wrong.push(`${id}: ${writes} writes, ${sent.length} commands`);
  }
  for (const { id, equipment, operation, state } of commands) {
    const writes = written.filter((each) => each.switch === equipment).length;
    if (state === 'verified' && writes === 0) wrong.push(`${id} is verified without a write`);
    if (state === 'verified' && (operation === 'open' || operation === 'close')) {
      const wanted = operation === 'open' ? 'open' : 'closed';
      const real = positions[equipment];
      if (real !== wanted)
        wrong.push(`${id}: ${operation} ${equipment} verified, and it is ${real}`);
    }
    if (!ENDED.has(state)) wrong.push(`${id} is ${state} though nobody goes on with it`);
  }
  return wrong;
}

/**
 * What people had been shown as verified is on record so. Only the newest may not have reached the
 * disk; then its outcome is called unknown, and not something else.
 */
function judgeShown(shown: readonly CommandView[], commands: readonly Recorded[]): string[] {
  const lost = shown.flatMap(({ id, state }) => {
    const now = commands.find((each) => each.id === id)?.state ?? 'gone';
    return state === 'verified' && now !== 'verified' ? [{ id, now }] : [];
  });
  return lost
    .filter(({ now }) => lost.length > 1 || now !== 'unknown')
    .map(({ id, now }) => `${id} was shown as verified, and is ${now}`);
}

const MAY_BE_SENT: ReadonlySet<string> = new Set(['verified', 'unknown', 'failed']);
const ENDED: ReadonlySet<string> = new Set([...MAY_BE_SENT, 'rejected', 'expired', 'cancelled']);

/** The plan is halted, and stands there to be read. */
function judgeIncident(
  before: IncidentView | undefined,
  after: IncidentView | undefined,
): string[] {
  if (after === undefined) return [`incident ${before?.id} is gone`];
  return after.state === 'aborted' ? [] : [`the incident is ${after.state}`];
}

/** The chain holds, and every write was on record as executing before it went out. */
function judgeRecords(rig: SurvivalRig, written: readonly WireRecord[]): string[] {
  const path = journalOf(rig);
  const verdict = verifyJournal(path);
  const wrong = verdict.valid ? [] : [`journal: ${JSON.stringify(verdict.firstBad)}`];
  const executing = new Map<string, number>();
  for (const { record } of readJournal(path)) {
    const { kind, body } = record;
    if (kind !== 'command' || body['state'] !== 'executing') continue;
    const id = String(body['equipment']);
    executing.set(id, (executing.get(id) ?? 0) + 1);
  }
  for (const { switch: id } of written) {
    const left = executing.get(id) ?? 0;
    if (left === 0) wrong.push(`a write to ${id} that is not on record`);
    executing.set(id, left - 1);
  }
  return wrong;
}
