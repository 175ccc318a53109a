import { planForFault, planFromEvidence, planReturn } from '@relight/flisr';
import { ok } from '@relight/foundation';
import { loadStateFromGrid } from '@relight/powerflow';
import { compileNetwork } from '@relight/topology';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { darkParts } from '../dark-parts.ts';
import { describePlan } from '../describe-plan.ts';
import { PLAN_OPTIONS, readPlanOptions } from '../plan-options.ts';
import { statePositions, switchIndices, unknownId } from '../positions.ts';
import { findConfigurationFile, readConfiguration } from '../read-configuration.ts';
import { readEvidence } from '../read-evidence.ts';
import { readModel } from '../read-grid.ts';
import type { Verb } from '../verb.ts';

export const plan: Verb = {
  arguments: { positionals: ['GRID'], options: PLAN_OPTIONS },
  description: [
    'A switching plan on paper: with --fault protection trips, then the fault is isolated and supply',
    'given back; with --evidence the fault is located first; with --return the plan leads from the',
    'given state back to normal. Every state on the way is checked by load flow. Exit code 1 if',
    'there is no fault or it cannot be kept dead.',
  ].join('\n'),
  run: async (args, io) => {
    const grid = readModel(args.positionals[0] ?? '');
    const faults = args.many('fault');
    const asked = ['fault', 'evidence', 'return'].filter((option) => args.has(option));
    if (asked.length === 0) {
      throw new CliError('RL-001', 'relight plan expects --fault, --evidence or --return');
    }
    if (asked.length > 1) {
      throw new CliError('RL-008', `--${asked.join(' and --')} exclude each other`);
    }
    if (args.has('fails-to-trip') && !args.has('fault')) {
      throw new CliError('RL-008', `--fails-to-trip goes with --fault, not with --${asked[0]}`);
    }
    const network = compileNetwork(grid);
    const positions = statePositions(network, args.many('open'), args.many('close'));
    const options = readPlanOptions(args, network, positions);
    const evidenceFile = args.one('evidence');
    const failsToTrip = new Set(
      switchIndices(network, 'fails-to-trip', args.many('fails-to-trip')),
    );

    let search: () => ReturnType<typeof planForFault>;
    if (args.has('return')) {
      const loads = loadStateFromGrid(network);
      search = () => ok(planReturn({ network, positionsNow: positions, loads, options }));
    } else if (evidenceFile === undefined) {
      search = () => planForFault(network, positions, faults, options, { failsToTrip });
    } else {
      const configurationFile = findConfigurationFile(undefined);
      const rates = readConfiguration(configurationFile, io.environment).core;
      const events = readEvidence(evidenceFile, grid);
      const loads = loadStateFromGrid(network);
      search = () =>
        planFromEvidence({
          network,
          loads,
          positionsBefore: positions,
          events,
          options,
          rates,
          automaticRisk: rates.automaticRisk,
        });
    }
    const start = performance.now();
    const planned = search();
    const compute_ms = Number((performance.now() - start).toFixed(3));
    if (planned.ok) {
      const staysDark = [...darkParts(network, planned.value)];
      const result = { ...planned.value.plan, staysDark, compute_ms };
      io.out(args.has('json') ? JSON.stringify(result) : describePlan(result, grid));
      return 0;
    }
    if (planned.error.kind === 'unknownEquipment') {
      throw unknownId(grid, planned.error.ids[0] ?? '', 'fault', 'equipment');
    }
    const { kind, text, equipment } = planned.error;
    io.out(
      args.has('json')
        ? JSON.stringify({ grid: grid.id, reason: text.en, reasonVi: text.vi, kind, equipment })
        : `No plan: ${text.en}`,
    );
    return EXIT_NO;
  },
};
