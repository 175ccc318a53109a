import { describeLoadFlow, loadStateFromGrid, solveLoadFlow } from '@relight/powerflow';
import { compileNetwork, energise } from '@relight/topology';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { statePositions } from '../positions.ts';
import { readModel } from '../read-grid.ts';
import type { Verb } from '../verb.ts';

export const loadflow: Verb = {
  arguments: {
    positionals: ['GRID'],
    options: {
      open: { kind: 'many', value: 'ID', help: 'switches to open, from the normal state' },
      close: { kind: 'many', value: 'ID', help: 'switches to close, from the normal state' },
    },
  },
  description: [
    'AC load flow of the normal state, or of one changed by --open and --close, with the loads and',
    'generators of the file. Exit code 1 if it does not converge; it never prints doubtful figures.',
  ].join('\n'),
  run: async (args, io) => {
    const grid = readModel(args.positionals[0] ?? '');
    const network = compileNetwork(grid);
    const positions = statePositions(network, args.many('open'), args.many('close'));
    const start = performance.now();
    const energisation = energise(network, positions);
    const loads = loadStateFromGrid(network);
    const request = { network, positions, energisation, loads, generators: true };
    const flow = solveLoadFlow({ ...request, divideEvenly: true });
    const compute_ms = performance.now() - start;
    const view = describeLoadFlow(network, energisation, flow);
    if (args.has('json')) {
      io.out(JSON.stringify({ ...view, compute_ms: Number(compute_ms.toFixed(3)) }));
      return view.converged ? 0 : EXIT_NO;
    }
    if (!view.converged) {
      const why =
        view.iterations === 0
          ? 'a closed loop has unequal phase shifts, or no impedance between sources of unequal voltage or angle group'
          : `no solution after ${view.iterations} sweeps`;
      throw new CliError('RL-007', why, EXIT_NO);
    }
    const figure = (value: number | null, digits: number): string => value?.toFixed(digits) ?? '–';
    const { assumed } = view;
    const shared =
      assumed.length === 0
        ? []
        : [
            `assumed          current shared evenly, no impedance in the loop: ${assumed.join(', ')}`,
          ];
    io.out(
      [
        `converged in ${view.iterations} sweeps, ${compute_ms.toFixed(1)} ms`,
        `losses           ${figure(view.losses_kW, 2)} kW, ${figure(view.losses_kvar, 2)} kvar`,
        `lowest voltage   ${figure(view.minVoltage_pu, 4)} pu at ${view.minVoltageNode ?? '–'}`,
        `highest loading  ${figure(view.maxLoading_pct, 1)} % at ${view.maxLoadingAt ?? '–'}`,
        `without supply   ${view.deenergised.length} of ${network.nodeCount} nodes`,
        ...shared,
      ].join('\n'),
    );
    return 0;
  },
};
