import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { chooseFault } from '../demo/choose-fault.ts';
import { describeDemo } from '../demo/describe-demo.ts';
import { runDemo } from '../demo/run-demo.ts';
import { findGridFile, readGrid } from '../read-grid.ts';
import { Stopped } from '../system/child-process.ts';
import { startSystem } from '../system/start-system.ts';
import { aborted, stopOnSignals } from '../system/until-stopped.ts';
import type { Verb } from '../verb.ts';
import { ensureFolder } from '../writable.ts';

const DEFAULT_GRID = 'demo-town';
const EXIT_INTERRUPTED = 130;

export const demo: Verb = {
  arguments: {
    positionals: [],
    options: {
      grid: { kind: 'one', value: 'GRID', help: `grid to run (default ${DEFAULT_GRID})` },
      equipment: {
        kind: 'one',
        value: 'ID',
        help: 'line, transformer or node to break (default: a line mid-feeder)',
      },
      seed: { kind: 'one', value: 'N', help: 'seed of the fault place and the plant (default 1)' },
      speed: {
        kind: 'one',
        value: 'N',
        help: 'divides plant, motor and reclosing times and the matching timers (default 1)',
      },
      journal: { kind: 'one', value: 'DIR', help: 'keep grid, points, input log and journal here' },
      stuck: { kind: 'many', value: 'ID', help: 'switches whose drive does not move' },
      'missing-indicator': {
        kind: 'many',
        value: 'ID',
        help: 'fault indicators that stay silent (ids of switches or pole indicators)',
      },
    },
  },
  description: [
    'Starts simulators and control centre on free ports, sets every feeder to automatic, places',
    'one permanent fault and waits until nothing moves. Exit code 0 only if nobody is dark who',
    'need not be, the faulted section stayed dead and no loop was made, judged by the plant.',
  ].join('\n'),
  run: async (args, io) => {
    const seed = args.number('seed', { min: 0, max: 2 ** 31, whole: true }) ?? 1;
    const speed = args.number('speed', { min: 1, max: 100 }) ?? 1;
    const gridName = args.one('grid') ?? DEFAULT_GRID;
    const gridFile = findGridFile(gridName);
    const { grid } = readGrid(gridName);
    const equipment = chooseFault(grid, seed, args.one('equipment'));
    const [stuck, missingIndicators] = [args.many('stuck'), args.many('missing-indicator')];
    const switchIds = new Set(grid.switches.map((each) => each.id));
    const indicatorIds = new Set(grid.faultIndicators.map((each) => each.id));
    for (const id of [...stuck, ...missingIndicators]) {
      if (!switchIds.has(id) && !indicatorIds.has(id)) {
        throw new CliError('RL-005', `grid ${grid.id} has no switch or indicator "${id}"`);
      }
    }

    const kept = args.one('journal');
    const folder =
      kept === undefined ? mkdtempSync(join(tmpdir(), 'relight-demo-')) : resolve(kept);
    ensureFolder(folder);
    copyFileSync(gridFile, join(folder, 'grid.json'));
    const { signal, release } = stopOnSignals();
    try {
      const system = await startSystem({
        gridFile: join(folder, 'grid.json'),
        folder,
        seed,
        speed,
        port: 0,
        progress: io.err,
        signal,
      });
      try {
        const options = { grid, equipment, speed, stuck, missingIndicators, progress: io.err };
        const report = await Promise.race([
          runDemo(system, options),
          system.died.then((death) => Promise.reject(death)),
          aborted(signal).then(() => Promise.reject(new Stopped())),
        ]);
        io.out(args.has('json') ? JSON.stringify(report) : describeDemo(report));
        return report.ok ? 0 : EXIT_NO;
      } finally {
        await system.stop();
      }
    } catch (error) {
      if (error instanceof Stopped) return EXIT_INTERRUPTED;
      throw error;
    } finally {
      release();
      if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    }
  },
};
