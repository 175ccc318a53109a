/**
 * Runs that are too long for `npm test`. Each prints its seeds and its count; what was run when
 * stands in docs/long-runs.md.
 *
 *   npm run long                                   what there is
 *   npm run long -- demo-every-section --speed 20  one fault on every line, on real sockets
 *   npm run long -- property --runs 100000         the laws over many more random grids
 *   npm run long -- restoration-oracle             plans against exhaustive search, 100,000 compared
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseGridText } from '@relight/grid';
import { runOracle } from '../tests/kit/restoration-oracle.ts';
import { fuzzFiles } from '../tests/kit/fuzz-files.ts';
import { fuzzRest } from '../tests/kit/fuzz-rest.ts';
import { planKillLoop } from '../tests/kit/plan-kill-loop.ts';
import { takeOverLoop } from '../tests/kit/take-over-loop.ts';
import { cutLoop, killLoop, type LoopResult } from '../tests/kit/survive-loops.ts';
import { fuzzModbus, fuzzOpcUa, type FuzzResult } from '../tests/kit/fuzz-drivers.ts';

const root = join(import.meta.dirname, '..');

interface LongRun {
  readonly about: string;
  readonly run: (options: Options) => Promise<boolean>;
}

interface Options {
  readonly grid: string;
  readonly speed: number;
  readonly runs: number;
  readonly seed: number;
  /** Demos at the same time. */
  readonly parallel: number;
}

/** Heap between the first tenth and the end; garbage not yet collected is part of it. */
const MOST_GROWTH_MB = 200;
/** A damaged piece that kept the process busy for longer would hold up every other RTU. */
const LONGEST_BLOCK_ms = 1_500;

const LONG_RUNS: Readonly<Record<string, LongRun>> = {
  'demo-every-section': {
    about: '`relight demo` for every line of a grid in turn (--grid, --speed, --seed, --parallel)',
    run: demoEverySection,
  },
  'fuzz-modbus': {
    about: 'damaged answers for the Modbus driver (--runs, --seed)',
    run: ({ runs, seed }) => fuzz('fuzz-modbus', fuzzModbus, runs, seed),
  },
  'fuzz-opcua': {
    about: 'damaged streams for the OPC UA driver; hours for 100,000 (--runs, --seed)',
    run: ({ runs, seed }) => fuzz('fuzz-opcua', fuzzOpcUa, runs, seed),
  },
  'restoration-oracle': {
    about: 'plans against exhaustive search over random grids (--runs compared, --seed)',
    run: async ({ runs, seed }) => restorationOracle('restoration-oracle', runs, seed, false),
  },
  'oracle-in-doubt': {
    about: 'the same where unknown switches may feed the fault; 1 in 50 compared (--runs, --seed)',
    run: async ({ runs, seed }) => restorationOracle('oracle-in-doubt', runs, seed, true),
  },
  'fuzz-rest': {
    about: 'hostile requests, streams and bytes for the control centre (--runs, --seed)',
    run: fuzzDoor,
  },
  'fuzz-files': {
    about: 'damaged grid, point, evidence and configuration files (--runs, --seed)',
    run: async ({ runs, seed }) => {
      const { files, refused, wrong } = fuzzFiles({ files: runs, seed });
      for (const each of wrong) console.log(`  ${each}`);
      console.log(
        `fuzz-files: ${files} files, seed ${seed}, ${refused} refused, ${wrong.length} wrong: ${wrong.length === 0 ? 'ok' : 'FAILED'}`,
      );
      return wrong.length === 0;
    },
  },
  cuts: {
    about: 'the wire cut at any byte around a write, judged by wire log and plant (--runs, --seed)',
    run: ({ runs, seed }) => survive('cuts', cutLoop, runs, seed),
  },
  kills: {
    about: 'the control centre killed around a write or a tag, started anew (--runs, --seed)',
    run: ({ runs, seed }) => survive('kills', killLoop, runs, seed),
  },
  'plan-kills': {
    about:
      'the control centre killed in the middle of a plan of over twenty steps (--runs, --seed)',
    run: planKills,
  },
  'take-overs': {
    about:
      'the leader killed or stopped, the standby timed until picture and control (--runs, --seed, --grid)',
    run: takeOvers,
  },
  'command-life': {
    about: 'command life and tags under people, faults and crashes, model-based (--runs, --seed)',
    run: async ({ runs, seed }) => {
      const environment = { RELIGHT_RUNS: String(runs), RELIGHT_SEED: String(seed) };
      const file = 'packages/operations/src/command-life.test.ts';
      const vitest = join(root, 'node_modules/.bin/vitest');
      const { code } = await run(vitest, ['run', '--project', 'unit', file], environment, true);
      console.log(`command-life: ${runs} runs, seed ${seed}, ${code === 0 ? 'ok' : 'FAILED'}`);
      return code === 0;
    },
  },
  property: {
    about: 'the property tests with more cases (--runs, --seed)',
    run: async ({ runs, seed }) => {
      const environment = { RELIGHT_RUNS: String(runs), RELIGHT_SEED: String(seed) };
      const args = ['run', '--project', 'property', '--testTimeout', '0'];
      const { code } = await run(join(root, 'node_modules/.bin/vitest'), args, environment, true);
      console.log(`property: ${runs} cases a law, seed ${seed}, ${code === 0 ? 'ok' : 'FAILED'}`);
      return code === 0;
    },
  },
};

/** Nothing crashed if it returns; the sound RTU beside must not have noticed, and memory must stay. */
async function fuzz(
  name: string,
  run: (options: { frames: number; seed: number }) => Promise<FuzzResult>,
  frames: number,
  seed: number,
): Promise<boolean> {
  const start = performance.now();
  const result = await run({ frames, seed });
  const ok =
    result.disturbed === 0 &&
    result.blocked_ms < LONGEST_BLOCK_ms &&
    result.heapGrowth_MB < MOST_GROWTH_MB;
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  console.log(
    `${name}: ${result.frames} damaged frames, seed ${seed}, ${seconds} s, ` +
      `${result.reconnects} reconnections, ${result.malformed} named, ` +
      `${result.disturbed} disturbances beside${result.how === '' ? '' : ` (${result.how})`}, never busy longer than ${result.blocked_ms.toFixed(0)} ms, heap ${result.heapGrowth_MB.toFixed(0)} MB more: ` +
      (ok ? 'ok' : 'FAILED'),
  );
  return ok;
}

/** Every batch of so many random instances has a seed of its own, counting up. */
const ORACLE_BATCH = 1_000;

function restorationOracle(name: string, runs: number, seed: number, inDoubt: boolean): boolean {
  const count = {
    compared: 0,
    equal: 0,
    proved: 0,
    withSteps: 0,
    refused: 0,
    widened: 0,
    tooLarge: 0,
    onTheEdge: 0,
  };
  const start = performance.now();
  const say = (last: number): void =>
    console.log(
      `${name}: seeds ${seed}..${last}, ${count.compared} compared, ${count.equal} equal ` +
        `(${count.proved} called optimal, ${count.withSteps} with steps), ${count.refused} refused by both, ` +
        `${count.widened} with live parts switched off, ` +
        `${count.tooLarge} too large, ${count.onTheEdge} within 2e-5 of a limit, ${((performance.now() - start) / 1_000).toFixed(0)} s`,
    );
  const wrong = runOracle(runs, seed, ORACLE_BATCH, count, say, inDoubt);
  for (const each of wrong) console.log(each);
  console.log(`${name}: ${wrong.length === 0 ? 'ok' : `FAILED, ${wrong.length} disagree`}`);
  return wrong.length === 0;
}

/** No 5xx, a code in every refusal, and the control centre lives on. */
async function fuzzDoor({ runs, seed }: Options): Promise<boolean> {
  const start = performance.now();
  const result = await fuzzRest({ requests: runs, seed });
  const ok = result.wrong.length === 0 && result.heapGrowth_MB < MOST_GROWTH_MB;
  for (const each of result.wrong) console.log(`  ${each}`);
  const statuses = Object.entries(result.statuses).map(([status, count]) => `${status}: ${count}`);
  console.log(
    `fuzz-rest: ${result.requests} requests, seed ${seed}, ` +
      `${((performance.now() - start) / 1_000).toFixed(0)} s, ${statuses.join(', ')}; ` +
      `slowest ${result.slowest_ms.toFixed(0)} ms, heap ${result.heapGrowth_MB.toFixed(0)} MB more, ` +
      `${result.records} journal records: ${ok ? 'ok' : 'FAILED'}`,
  );
  return ok;
}

/** What each command came to is said; a violation is one too many. */
async function survive(
  name: string,
  loop: (runs: number, seed: number, progress: (text: string) => void) => Promise<LoopResult>,
  runs: number,
  seed: number,
): Promise<boolean> {
  const start = performance.now();
  const result = await loop(runs, seed, (text) => console.log(text));
  for (const violation of result.violations) console.error(violation);
  const ok = result.violations.length === 0 && result.runs >= runs;
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  const ends = Object.entries(result.ends).map(([state, count]) => `${count} ${state}`);
  console.log(
    `${name}: ${result.runs} commands, seed ${seed}, ${seconds} s, ${result.hits} ${name} hit, ` +
      `${ends.join(', ')}, ${result.violations.length} violations: ${ok ? 'ok' : 'FAILED'}`,
  );
  return ok;
}

async function planKills({ runs, seed }: Options): Promise<boolean> {
  const start = performance.now();
  const result = await planKillLoop(runs, seed, (text) => console.log(text));
  for (const violation of result.violations) console.error(violation);
  const ok = result.violations.length === 0;
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  const ends = Object.entries(result.ends).map(([state, count]) => `${count} ${state}`);
  const [least, most] = [Math.min(...result.writes), Math.max(...result.writes)];
  console.log(
    `plan-kills: ${result.steps.length} plans of at least ${Math.min(...result.steps)} steps, ` +
      `seed ${seed}, ${seconds} s, killed after ${least} to ${most} writes, commands: ` +
      `${ends.join(', ')}, ${result.violations.length} violations: ${ok ? 'ok' : 'FAILED'}`,
  );
  return ok;
}

/** What the design asks of a change of hands. */
const PICTURE_WITHIN_ms = 5_000;
const CONTROL_WITHIN_ms = 15_000;

async function takeOvers({ runs, seed, grid }: Options): Promise<boolean> {
  const gridFile = join(root, 'seeds/grids', `${grid}.json`);
  const result = await takeOverLoop(runs, seed, gridFile, (text) => console.log(text));
  for (const violation of result.violations) console.error(violation);
  for (const how of ['killed', 'stopped'] as const) {
    const these = result.runs.filter((one) => one.how === how);
    const figures = (['serving_ms', 'picture_ms', 'control_ms'] as const).map((name) => {
      const sorted = these.map((one) => one[name]).toSorted((a, b) => a - b);
      const [middle = 0, most = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
      return `${name.replace('_ms', '')} ${(middle / 1_000).toFixed(1)} (at most ${(most / 1_000).toFixed(1)}) s`;
    });
    console.log(`  ${these.length} ${how}: ${figures.join(', ')}`);
  }
  const late = result.runs.filter(
    (one) => one.picture_ms > PICTURE_WITHIN_ms || one.control_ms > CONTROL_WITHIN_ms,
  );
  const ok = result.violations.length === 0;
  console.log(
    `take-overs: ${result.runs.length} on ${grid}, seed ${seed}, ${late.length} over the goal of ` +
      `${PICTURE_WITHIN_ms / 1_000} s to the picture and ${CONTROL_WITHIN_ms / 1_000} s to control, ` +
      `${result.violations.length} violations: ${ok ? 'ok' : 'FAILED'}`,
  );
  return ok;
}

interface Outcome {
  readonly code: number;
  readonly output: string;
}

function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  show: boolean,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function demoEverySection(options: Options): Promise<boolean> {
  const { grid, speed, seed, parallel } = options;
  const parsed = parseGridText(readFileSync(join(root, 'seeds/grids', `${grid}.json`), 'utf8'));
  if (!parsed.ok) throw new Error(`grid ${grid} is refused`);
  const waiting = parsed.value.grid.lines.map((line) => line.id);
  const count = waiting.length;
  const failed: string[] = [];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      const start = performance.now();
      const { code, output } = await run(
        process.execPath,
        ['apps/cli/bin/relight.mjs', 'demo', '--grid', grid, '--equipment', line].concat(
          ['--speed', String(speed)],
          ['--seed', String(seed)],
        ),
        {},
        false,
      );
      done++;
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      console.log(`${done}/${count} ${line} ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
      if (code !== 0) {
        failed.push(line);
        console.log(output);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  console.log(
    `demo-every-section: ${grid}, ${count} lines, seed ${seed}, speed ${speed}, ` +
      `${count - failed.length} ok, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`,
  );
  return failed.length === 0;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grid: { type: 'string', default: 'demo-town' },
    speed: { type: 'string', default: '20' },
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    parallel: { type: 'string', default: '1' },
  },
});
const [name = ''] = positionals;
const chosen = LONG_RUNS[name];
if (chosen === undefined) {
  console.error('npm run long -- NAME, where NAME is one of:');
  for (const [key, { about }] of Object.entries(LONG_RUNS)) console.error(`  ${key}: ${about}`);
  process.exitCode = 2;
} else {
  const { grid } = values;
  const [speed, runs, seed] = [Number(values.speed), Number(values.runs), Number(values.seed)];
  const ok = await chosen.run({ grid, speed, runs, seed, parallel: Number(values.parallel) });
  process.exitCode = ok ? 0 : 1;
}
