import { reconfigureForLosses, type Reconfiguration } from '@relight/flisr';
import { loadStateFromGrid } from '@relight/powerflow';
import { compileNetwork, normalPositions } from '@relight/topology';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { readGrid } from '../read-grid.ts';
import type { Verb } from '../verb.ts';

const OBJECTIVES = ['losses'];

export const reconfigure: Verb = {
  arguments: {
    positionals: ['GRID'],
    options: {
      objective: { kind: 'one', value: 'losses', help: 'what to make small; losses only' },
    },
  },
  description: [
    'The radial state with the least losses that remote switches can reach from the normal state,',
    'with the loads and generators of the file, and how far from the best it can be at most. All that',
    'is live stays live; no more limits are broken than in the normal state.',
  ].join('\n'),
  run: async (args, io) => {
    const objective = args.one('objective');
    if (objective === undefined) {
      throw new CliError('RL-001', 'relight reconfigure expects --objective losses');
    }
    if (!OBJECTIVES.includes(objective)) {
      throw new CliError('RL-001', `--objective expects losses, got "${objective}"`);
    }
    const { grid } = readGrid(args.positionals[0] ?? '');
    const network = compileNetwork(grid);
    const start = performance.now();
    const found = reconfigureForLosses({
      network,
      positions: normalPositions(network),
      loads: loadStateFromGrid(network),
    });
    const compute_ms = Number((performance.now() - start).toFixed(3));
    if (found.ok) {
      const result = { grid: grid.id, objective, ...found.value, compute_ms };
      io.out(args.has('json') ? JSON.stringify(result) : describe(found.value, compute_ms));
      return 0;
    }
    if (found.error.kind === 'fixedLoop') {
      const ids = found.error.equipment.join(', ');
      throw new CliError('RL-004', `a loop that no remote switch can open: ${ids}`, EXIT_NO);
    }
    const state = found.error.kind === 'unsolved' ? 'the normal state' : 'no radial state';
    const what = found.error.kind === 'unsolved' ? 'has no solution' : 'has a solution';
    throw new CliError('RL-007', `${state} ${what}`, EXIT_NO);
  },
};

function describe(result: Reconfiguration, compute_ms: number): string {
  const { losses_kW, baseLosses_kW, proof } = result;
  const saved_kW = baseLosses_kW - losses_kW;
  const share = baseLosses_kW > 0 ? ` (${((100 * saved_kW) / baseLosses_kW).toFixed(1)} %)` : '';
  const loading =
    result.maxLoading_pct === null
      ? ''
      : `, highest loading ${result.maxLoading_pct.toFixed(1)} % at ${result.maxLoadingAt ?? '–'}`;
  return [
    `losses          ${losses_kW.toFixed(2)} kW, in the normal state ${baseLosses_kW.toFixed(2)} kW`,
    `saved           ${saved_kW.toFixed(2)} kW${share}`,
    `to close        ${result.close.join(', ') || 'nothing'}`,
    `to open         ${result.open.join(', ') || 'nothing'}`,
    `open then       ${result.openSwitches.join(', ') || 'nothing'}`,
    `lowest voltage  ${result.minVoltage_pu?.toFixed(4) ?? '–'} pu at ${result.minVoltageNode ?? '–'}${loading}`,
    ...result.warnings.map((warning) => `Warning: ${warning}`),
    proof.status === 'optimal'
      ? 'Proved: no radial state within the limits loses less.'
      : `Not proved the best: none loses less than ${proof.bounds.losses_kW.toFixed(2)} kW (gap ${proof.gap_pct.toFixed(1)} %).`,
    `${proof.explored} states solved in ${compute_ms.toFixed(0)} ms`,
  ].join('\n');
}
