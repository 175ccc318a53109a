import { join } from 'node:path';
import { Accepted, type CommandView, type SwitchOperation } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { verifyJournal } from '@relight/journal';
import { pause_ms, SurvivalRig } from './survival-rig.ts';

/**
 * Reclosers whose automatic reclosing goes on and off, in turn, since an RTU armed over a connection
 * that was cut takes no other token until that one lapses; and a switch that opens and closes.
 */
const RECLOSERS = [
  ...['471-74', '472-63', '473-39', '474-42'],
  ...['475-45', '476-43', '477-46', '478-46'],
];
const SWITCH = '471-118';
const DEVICES = [...RECLOSERS, SWITCH];
const SWITCH_EVERY = 9;
const SPEED = 10;
const BULK_GUARD_ms = 65_000;

export interface LoopResult {
  readonly runs: number;
  /** How many commands ended in each state. */
  readonly ends: Readonly<Record<string, number>>;
  /** Cuts, or kills, that took place while a write was under way or near. */
  readonly hits: number;
  /** What must never be; empty. */
  readonly violations: readonly string[];
}

interface Wish {
  readonly device: string;
  readonly operation: SwitchOperation;
}

/** What is to be done next: the opposite of how the device stands. */
async function wishFor(rig: SurvivalRig, run: number): Promise<Wish> {
  const device = run % SWITCH_EVERY === 0 ? SWITCH : (RECLOSERS[run % RECLOSERS.length] ?? SWITCH);
  const { switches } = await rig.until(`${device} is read`, 120_000, (snapshot) =>
    snapshot.switches.some(({ id, quality }) => id === device && quality === 'good'),
  );
  const view = switches.find(({ id }) => id === device);
  if (device === SWITCH) return { device, operation: view?.position === 'open' ? 'close' : 'open' };
  return { device, operation: view?.reclosing === true ? 'disableReclosing' : 'enableReclosing' };
}

/** Selects as soon as the last command has let go of the device and its link is back. */
async function selectAtLast(rig: SurvivalRig, wish: Wish): Promise<CommandView> {
  const end = performance.now() + 300_000;
  for (;;) {
    const answer = await rig.select(wish.device, wish.operation);
    if ('id' in answer && answer.state === 'selected') return answer;
    if ('id' in answer && (answer.approval ?? null) !== null) {
      // Too many opens within a minute want a second person; that is not what is tested here.
      await rig.ask('POST', `/commands/${answer.id}/cancel`);
      await pause_ms(BULK_GUARD_ms);
    }
    if (performance.now() > end) throw new Error(`not selected: ${JSON.stringify(answer)}`);
    await pause_ms(200);
  }
}

/** Judges one command by the wire log and the plant, not by what the control centre thinks. */
async function judge(
  rig: SurvivalRig,
  { device, operation }: Wish,
  before: { readonly writes: number; readonly position: string | undefined },
  state: string,
): Promise<readonly string[]> {
  const writes = (await rig.operates(device)).length - before.writes;
  const what = `${operation} ${device} ended ${state}`;
  const wrong: string[] = [];
  if (writes > 1) wrong.push(`${what}: ${writes} writes on the wire`);
  if (state === 'verified' && writes !== 1) wrong.push(`${what}: ${writes} writes on the wire`);
  const unsent = state === 'rejected' || state === 'expired' || state === 'cancelled';
  if (unsent && writes !== 0) wrong.push(`${what}, and was written`);
  if (device !== SWITCH) return wrong;
  const position = (await rig.truth()).switches[device];
  const wanted = operation === 'open' ? 'open' : 'closed';
  if (state === 'verified' && position !== wanted) wrong.push(`${what}, and it is ${position}`);
  if ((state === 'failed' || unsent) && position !== before.position) {
    wrong.push(`${what}, and it moved from ${before.position} to ${position}`);
  }
  return wrong;
}

async function stand(rig: SurvivalRig, device: string) {
  return {
    writes: (await rig.operates(device)).length,
    position: (await rig.truth()).switches[device],
  };
}

/**
 * Cuts the wire at a random byte around the write of a command, again and again, so many times.
 * `progress` is called after each command.
 */
export async function cutLoop(
  cuts: number,
  seed: number,
  progress: (text: string) => void = () => {},
): Promise<LoopResult> {
  const chance = new RandomStream(seed, 'cuts');
  const rig = await SurvivalRig.start({ speed: SPEED, seed, cuttable: DEVICES });
  const ends: Record<string, number> = {};
  const violations: string[] = [];
  let runs = 0;
  try {
    const hits = (): number => [...rig.proxies.values()].reduce((sum, { cuts }) => sum + cuts, 0);
    for (let run = 0; hits() < cuts; run++) {
      const wish = await wishFor(rig, run);
      const before = await stand(rig, wish.device);
      const { id } = await selectAtLast(rig, wish);
      // Arm and operate are two writes of up to 17 bytes, each with its answer of 12; what is cut
      // behind them is the reading that should show the outcome.
      rig.proxies.get(wish.device)?.arm({
        write: chance.next() < 0.3 ? 1 : 2,
        direction: chance.next() < 0.5 ? 'request' : 'reply',
        after_bytes: Math.floor(chance.next() * 24),
      });
      const { state, reason } = await rig.execute(id);
      rig.proxies.get(wish.device)?.disarm();
      ends[state] = (ends[state] ?? 0) + 1;
      const wrong = await judge(rig, wish, before, state);
      violations.push(...wrong.map((each) => `run ${run}: ${each}`));
      runs += 1;
      progress(
        `command ${run + 1}, cut ${hits()}/${cuts}: ${wish.operation} ${wish.device} ${state}` +
          (reason === null ? '' : ` (${reason.en})`),
      );
    }
    return { runs, ends, hits: hits(), violations };
  } finally {
    await rig.stop();
  }
}

/**
 * Kills the control centre, gateway and all, at a random moment around the write of a command or
 * right after it has taken a tag, and starts it on the same journal, again and again.
 */
export async function killLoop(
  runs: number,
  seed: number,
  progress: (text: string) => void = () => {},
): Promise<LoopResult> {
  const chance = new RandomStream(seed, 'kills');
  const rig = await SurvivalRig.start({ speed: SPEED, seed });
  const ends: Record<string, number> = {};
  const violations: string[] = [];
  const tags: string[] = [];
  let hits = 0;
  try {
    for (let run = 0; run < runs; run++) {
      const wish = await wishFor(rig, run);
      const before = await stand(rig, wish.device);
      const { id } = await selectAtLast(rig, wish);
      const asked = rig.ask('POST', `/commands/${id}/execute`).catch(() => null);
      if (run % 4 === 3) tags.push(await tagAndKill(rig, run));
      else {
        await pause_ms(chance.next() * 120);
        await rig.kill();
      }
      await asked;
      if ((await rig.operates(wish.device)).length > before.writes) hits += 1;
      await rig.startCenter();
      const snapshot = await rig.snapshot();
      const state = snapshot.commands.find((command) => command.id === id)?.state ?? 'gone';
      ends[state] = (ends[state] ?? 0) + 1;
      const wrong = [...(await judge(rig, wish, before, state))];
      for (const tag of tags) {
        if (!snapshot.tags.some((each) => each.id === tag)) wrong.push(`tag ${tag} is lost`);
      }
      const verdict = verifyJournal(join(rig.journalFolder, 'journal.db'));
      if (!verdict.valid) wrong.push(`journal: ${JSON.stringify(verdict.firstBad)}`);
      violations.push(...wrong.map((each) => `run ${run}: ${each}`));
      progress(`kill ${run + 1}/${runs}: ${wish.operation} ${wish.device} ${state}`);
    }
    return { runs, ends, hits, violations };
  } finally {
    await rig.stop();
  }
}

/** Places a tag and kills the control centre the moment it has said that it took it. */
async function tagAndKill(rig: SurvivalRig, run: number): Promise<string> {
  const text = `kill ${run}`;
  const answer = await rig.ask('POST', '/tags', {
    idempotencyKey: `survive-${crypto.randomUUID()}`,
    kind: 'information',
    equipment: SWITCH,
    text,
  });
  await rig.kill();
  const { data } = Accepted.safeParse(answer.body);
  if (data?.tag === undefined) {
    throw new Error(`tag not taken: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return data.tag.id;
}
