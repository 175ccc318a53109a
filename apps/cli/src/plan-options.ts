import { DEFAULT_SEARCH_STEPS, planOptions } from '@relight/flisr';
import type { PlanOptions } from '@relight/flisr';
import type { Network, Positions } from '@relight/topology';
import { CliError } from './cli-error.ts';
import type { Arguments, OptionSpec } from './parse-arguments.ts';
import { switchIndices, unknownId } from './positions.ts';
import { readForecast } from './read-forecast.ts';

/** Milliseconds that the default number of search steps takes on a small machine. */
const DEFAULT_BUDGET_MS = 50;

export const PLAN_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  fault: {
    kind: 'many',
    value: 'ID',
    help: 'faulted line, transformer, node, switch or source; protection trips for each',
  },
  evidence: { kind: 'one', value: 'FILE', help: 'relight-evidence/1: locate the fault first' },
  return: { kind: 'flag', help: 'plan from the given state back to normal' },
  open: { kind: 'many', value: 'ID', help: 'switches open before the fault' },
  close: { kind: 'many', value: 'ID', help: 'switches closed before the fault' },
  stuck: { kind: 'many', value: 'ID', help: 'switches that commands do not move' },
  'fails-to-trip': {
    kind: 'many',
    value: 'ID',
    help: 'protection that fails: the next one up trips',
  },
  untrusted: { kind: 'many', value: 'ID', help: 'switches whose position is not known' },
  blocked: { kind: 'many', value: 'ID', help: 'switches that may not be operated' },
  'keep-dead': { kind: 'many', value: 'ID', help: 'equipment that may not be energised' },
  'phase-unconfirmed': {
    kind: 'many',
    value: 'ID',
    help: 'conductors joined, phase order not confirmed: no parallel and no tie through them',
  },
  'cold-load': { kind: 'one', value: 'F', help: 'loads come back F times as large (default 1.0)' },
  forecast: {
    kind: 'one',
    value: 'FILE',
    help: 'relight-forecast/1: judge by load and generation expected over the repair too',
  },
  'repair-h': {
    kind: 'one',
    value: 'H',
    help: 'hours until the repair is done: how far the forecast counts (default all of it)',
  },
  'no-transfer': { kind: 'flag', help: 'open no live closed switch' },
  'allow-shedding': { kind: 'flag', help: 'may leave a served load dark if that is better' },
  'include-manual': { kind: 'flag', help: 'a second phase by crews' },
  'emergency-ratings': { kind: 'flag', help: 'use emergency ratings where given' },
  'budget-ms': { kind: 'one', value: 'N', help: `search budget (default ${DEFAULT_BUDGET_MS})` },
};

/** The engine's options from the command line; ids become indices. */
export function readPlanOptions(
  args: Arguments,
  network: Network,
  positionsBefore: Positions,
): PlanOptions {
  const switches = (option: string): ReadonlySet<number> =>
    new Set(switchIndices(network, option, args.many(option)));
  const budget_ms = args.number('budget-ms', { min: 0, max: 3_600_000 }) ?? DEFAULT_BUDGET_MS;
  return planOptions({
    stuck: switches('stuck'),
    untrusted: switches('untrusted'),
    blocked: switches('blocked'),
    keepDead: nodesOf(network, 'keep-dead', args.many('keep-dead')),
    phaseUnconfirmed: sectionsOf(network, 'phase-unconfirmed', args.many('phase-unconfirmed')),
    coldLoadFactor: args.number('cold-load', { min: 0.1, max: 10 }) ?? 1,
    noTransfer: args.has('no-transfer'),
    allowShedding: args.has('allow-shedding'),
    includeManual: args.has('include-manual'),
    emergencyRatings: args.has('emergency-ratings'),
    forecast: forecastOf(args, network, positionsBefore),
    repair_h: args.number('repair-h', { min: 0.1, max: 8_760 }) ?? null,
    searchSteps: Math.ceil((budget_ms / DEFAULT_BUDGET_MS) * DEFAULT_SEARCH_STEPS),
  });
}

function forecastOf(
  args: Arguments,
  network: Network,
  positionsBefore: Positions,
): PlanOptions['forecast'] {
  const file = args.one('forecast');
  const repair_h = args.number('repair-h', { min: 0.1, max: 8_760 });
  if (file !== undefined) {
    if (args.has('return')) {
      throw new CliError('RL-008', '--forecast goes with --fault or --evidence, not with --return');
    }
    return readForecast(file, network, positionsBefore, repair_h ?? Number.POSITIVE_INFINITY);
  }
  if (repair_h !== undefined) throw new CliError('RL-008', '--repair-h goes with --forecast');
  return [];
}

/** Sections of equipment; of a switch, those on both sides of it. */
function sectionsOf(network: Network, option: string, ids: readonly string[]): ReadonlySet<number> {
  const nodes = nodesOf(network, option, ids);
  return new Set([...nodes].map((node) => network.nodeSection[node] ?? -1));
}

/** Nodes of nodes, lines, transformers, switches, loads and sources, as indices. */
function nodesOf(network: Network, option: string, ids: readonly string[]): ReadonlySet<number> {
  const { index, grid, lineCount, firstSwitchBranch, branchFrom, branchTo } = network;
  const nodes = new Set<number>();
  for (const id of ids) {
    const single =
      index.node.get(id) ??
      grid.loads[index.load.get(id) ?? -1]?.node ??
      grid.sources[index.source.get(id) ?? -1]?.node;
    if (single !== undefined) {
      nodes.add(single);
      continue;
    }
    const [line, transformer] = [index.line.get(id), index.transformer.get(id)];
    const at = index.switch.get(id);
    const branch =
      line ??
      (transformer === undefined ? undefined : lineCount + transformer) ??
      (at === undefined ? undefined : firstSwitchBranch + at);
    if (branch === undefined) throw unknownId(grid, id, option, 'equipment');
    nodes.add(branchFrom[branch] ?? -1).add(branchTo[branch] ?? -1);
  }
  return nodes;
}
