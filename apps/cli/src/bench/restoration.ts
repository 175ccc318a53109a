import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GridFile } from '@relight/contract';
import { planForFault, planOptions } from '@relight/flisr';
import { parseGrid } from '@relight/grid';
import { loadStateFromGrid } from '@relight/powerflow';
import { compileNetwork, normalPositions } from '@relight/topology';
import { CliError } from '../cli-error.ts';
import { ROOT } from '../places.ts';
import { sampleRepeatedly, type Bench, type BenchOptions } from './bench.ts';
import { median } from './measurement.ts';

const FOLDER = join(ROOT, 'tests', 'kit', 'cases', 'restoration');
const REPEATS = 20;
/** Plans of each case, and solutions by HiGHS, before anything is measured. */
const WARMUP = 20;
const PEER_WARMUP = 1;

interface RestorationCase {
  readonly name: string;
  readonly fault: readonly string[];
  readonly options: { readonly allowShedding: boolean };
  readonly grid: GridFile;
}

/** What the peer answers: the same figures, and its time in the solver alone. */
interface PeerAnswer {
  readonly unrestored: {
    readonly critical_kW: number;
    readonly customers: number;
    readonly p_kW: number;
  };
  readonly switchOperations: number;
  readonly solver_ms: number;
}

/** The peer: HiGHS on its own model of the problem. It lives with the tests, in a checkout only. */
interface Peer {
  loadHighs(): Promise<unknown>;
  solveMilp(
    highs: unknown,
    asked: {
      readonly grid: GridFile;
      readonly faults: readonly string[];
      readonly allowShedding: boolean;
    },
  ): PeerAnswer;
}

async function loadPeer(): Promise<Peer> {
  const file = join(ROOT, 'tests', 'kit', 'restoration-milp.ts');
  if (!existsSync(file)) throw new CliError('RL-002', `the peer of this bench is not at ${file}`);
  return (await import(pathToFileURL(file).href)) as Peer;
}

/**
 * The restoration cases, ours against HiGHS on a model of the same problem written independently.
 * One sample is one case, after a round of all cases by both: the median of some plans of ours;
 * HiGHS solves each once more, time in the solver alone. HiGHS knows no impedance, so cases that have any are left out.
 */
export const benchRestoration: Bench = async (options, report) => {
  const peer = await loadPeer();
  const highs = await peer.loadHighs();
  const cases = readCases();
  const ours_ms: number[] = [];
  const highs_ms: number[] = [];
  const speedUp: number[] = [];
  let equal = 0;
  let proved = 0;
  let bothEnds: Readonly<Record<string, number>> = {};
  const chosen = cases.slice(0, options.samples ?? cases.length);
  const ask = ({ grid, fault, options: { allowShedding } }: RestorationCase): PeerAnswer =>
    peer.solveMilp(highs, { grid, faults: fault, allowShedding });
  const tell = (): void =>
    report({
      workload: `restoration cases without impedances, ${cases.length} in all: planForFault with load flow of every step against HiGHS, one pass for each value of the objective`,
      warmup: WARMUP,
      samples_ms: ours_ms,
      ratios: {
        highsToOursMedian: ours_ms.length === 0 ? 0 : median(highs_ms) / median(ours_ms),
        highsToOursTypicalCase: median(speedUp),
      },
      figures: {
        cases: ours_ms.length,
        equalOptimum: equal,
        different: ours_ms.length - equal,
        proved,
        highsMedian_ms: median(highs_ms),
        highsSlowest_ms: Math.max(0, ...highs_ms),
        oursSlowest_ms: Math.max(0, ...ours_ms),
        ...bothEnds,
      },
      goals: [
        {
          what: 'HiGHS against ours, medians',
          goal: 100,
          of: 'highsToOursMedian',
          atLeast: true,
        },
        { what: 'cases with another optimum than HiGHS', goal: 0, of: 'different' },
      ],
    });
  // Both are programs that go on running: neither is to be timed while it is still being compiled.
  for (const each of chosen) {
    if (performance.now() >= options.deadline) break;
    planCase(each, options, WARMUP);
    for (let time = 0; time < PEER_WARMUP; time++) ask(each);
  }
  for (const each of chosen) {
    if (ours_ms.length > 0 && performance.now() >= options.deadline) break;
    const ours = planCase(each, options);
    const answer = ask(each);
    ours_ms.push(ours.took_ms);
    highs_ms.push(answer.solver_ms);
    speedUp.push(answer.solver_ms / ours.took_ms);
    if (isSame(ours, answer)) equal += 1;
    if (ours.isOptimal) proved += 1;
    tell();
  }
  bothEnds = planBothEnds(options);
  tell();
};

/**
 * The 33-bus system with a switch at both ends of every line, where closing one tie restores
 * nothing: timed where the folder RELIGHT_RESTORATION has it. With impedances, so without HiGHS.
 */
function planBothEnds(options: BenchOptions): Readonly<Record<string, number>> {
  const folder = process.env['RELIGHT_RESTORATION'];
  const file = join(folder ?? '', 'case33bw-both-ends.json');
  if (folder === undefined || !existsSync(file)) return {};
  const ours = planCase(JSON.parse(readFileSync(file, 'utf8')) as RestorationCase, options);
  return {
    bothEnds_ms: ours.took_ms,
    bothEndsUnrestored_kW: ours.unrestored.p_kW,
    bothEndsOperations: ours.switchOperations,
    bothEndsOptimal: ours.isOptimal ? 1 : 0,
  };
}

function readCases(): readonly RestorationCase[] {
  try {
    return readdirSync(FOLDER)
      .filter((file) => file.endsWith('.json'))
      .toSorted()
      .map((file) => ({
        ...(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as RestorationCase),
        name: basename(file, '.json'),
      }))
      .filter(({ grid }) => (grid.lines ?? []).length + (grid.transformers ?? []).length === 0);
  } catch {
    throw new CliError('RL-002', `restoration cases not found in ${FOLDER}`);
  }
}

interface OurAnswer extends Omit<PeerAnswer, 'solver_ms'> {
  readonly took_ms: number;
  readonly isOptimal: boolean;
}

function planCase(each: RestorationCase, options: BenchOptions, repeats = REPEATS): OurAnswer {
  const parsed = parseGrid(each.grid);
  if (!parsed.ok) throw new CliError('RL-004', `restoration case ${each.name} is refused`);
  const network = compileNetwork(parsed.value.grid);
  const positions = normalPositions(network);
  const loads = loadStateFromGrid(network);
  const asked = planOptions({ allowShedding: each.options.allowShedding });
  const plan = () => planForFault(network, positions, each.fault, asked, { loads });
  const planned = plan();
  if (!planned.ok) throw new CliError('RL-004', `restoration case ${each.name} has no plan`);
  const took_ms = median(
    sampleRepeatedly({ ...options, samples: null }, repeats, () => void plan()),
  );
  const { unrestored, switchOperations } = planned.value.plan.result;
  const isOptimal = planned.value.plan.proof.status === 'optimal';
  return { unrestored, switchOperations, took_ms, isOptimal };
}

/** kW are compared to 0.001, as formats.md says. */
function isSame(ours: OurAnswer, other: PeerAnswer): boolean {
  return (
    Math.abs(ours.unrestored.critical_kW - other.unrestored.critical_kW) < 2e-3 &&
    ours.unrestored.customers === other.unrestored.customers &&
    Math.abs(ours.unrestored.p_kW - other.unrestored.p_kW) < 2e-3 &&
    ours.switchOperations === other.switchOperations
  );
}
