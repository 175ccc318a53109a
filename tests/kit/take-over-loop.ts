import { join } from 'node:path';
import { RandomStream } from '@relight/foundation';
import { verifyJournal } from '@relight/journal';
import { pause_ms, SurvivalRig } from './survival-rig.ts';

/** One change of hands, measured from the moment the leader stopped working. */
interface TakeOver {
  /** `killed`: its process is gone. `stopped`: it stands still and says nothing. */
  readonly how: 'killed' | 'stopped';
  /** Until the next one serves, and until every RTU has been read there, ms. */
  readonly serving_ms: number;
  readonly picture_ms: number;
  /** Until a command has been selected at its RTU, ms. */
  readonly control_ms: number;
}

export interface TakeOverResult {
  readonly runs: readonly TakeOver[];
  /** What must never be; empty. */
  readonly violations: readonly string[];
}

/**
 * Takes the leader away, killed and stopped in turn, at a random moment, and measures how long it
 * takes until the standby shows the whole picture and until it commands. The one that was stopped is
 * woken afterwards and has to end by itself. `progress` is called after each change of hands.
 */
export async function takeOverLoop(
  runs: number,
  seed: number,
  gridFile: string,
  progress: (text: string) => void = () => {},
): Promise<TakeOverResult> {
  const chance = new RandomStream(seed, 'take-overs');
  const rig = await SurvivalRig.start({ seed, gridFile });
  const done: TakeOver[] = [];
  const violations: string[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      await rig.startStandby();
      await pause_ms(1_000 + chance.next() * 1_000);
      const how = run % 2 === 0 ? 'stopped' : 'killed';
      const start = how === 'killed' ? performance.now() : await rig.pauseBetweenCommits();
      if (how === 'killed') await rig.kill();
      const serving_ms = (await rig.followStandby()) - start;
      const picture_ms = performance.now() - start;
      const { switches } = await rig.snapshot();
      // Its selection moves nothing, and is given up again.
      const recloser = switches.find(({ reclosing }) => reclosing !== null);
      const operation = recloser?.reclosing === true ? 'disableReclosing' : 'enableReclosing';
      const selected = await rig.select(recloser?.id ?? 'none', operation);
      const control_ms = performance.now() - start;
      if (!('id' in selected) || selected.state !== 'selected') {
        violations.push(`run ${run}: ${JSON.stringify(selected)}`);
      } else await rig.ask('POST', `/commands/${selected.id}/cancel`);
      if (how === 'stopped') {
        const code = await rig.wakeFormer();
        if (code !== 1) violations.push(`run ${run}: the one that was deposed ended with ${code}`);
      }
      const verdict = verifyJournal(join(rig.journalFolder, 'journal.db'));
      if (!verdict.valid) violations.push(`run ${run}: ${JSON.stringify(verdict.firstBad)}`);
      done.push({ how, serving_ms, picture_ms, control_ms });
      progress(
        `take-over ${run + 1}/${runs}, ${how}: serving after ${seconds(serving_ms)} s, ` +
          `picture ${seconds(picture_ms)} s, control ${seconds(control_ms)} s`,
      );
    }
    return { runs: done, violations };
  } finally {
    await rig.stop();
  }
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
