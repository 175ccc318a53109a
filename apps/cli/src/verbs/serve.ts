import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ControlCenterReady } from '@relight/contract';
import { CliError } from '../cli-error.ts';
import { CONTROL_CENTER_MAIN } from '../places.ts';
import { findConfigurationFile, readConfiguration } from '../read-configuration.ts';
import { findGridFile, readGrid, readText } from '../read-grid.ts';
import { readValidPointList } from '../read-point-list.ts';
import { buildConsole } from '../system/build-console.ts';
import { startChildProcess, Stopped } from '../system/child-process.ts';
import { checkPortIsFree } from '../system/free-port.ts';
import { aborted, stopOnSignals } from '../system/until-stopped.ts';
import type { Verb } from '../verb.ts';
import { ensureFolder } from '../writable.ts';

export const serve: Verb = {
  arguments: {
    positionals: ['GRID', 'POINTS'],
    options: {
      journal: {
        kind: 'one',
        value: 'DIR',
        help: 'folder of journal, accounts and gateway keys (required)',
      },
      config: { kind: 'one', value: 'FILE', help: 'configuration (default relight.yaml)' },
    },
  },
  description: [
    'Runs the control centre and its console against real RTUs, without a simulation. In the',
    'production profile (`profile: production` in relight.yaml) it is for people with accounts',
    '(`relight user add`), behind a proxy that ends TLS, and refuses to start while anything about',
    'it is unsafe. Its log goes to control-center.log in the journal folder; Ctrl-C stops it.',
  ].join('\n'),
  run: async (args, io) => {
    const [grid = '', points = ''] = args.positionals;
    const journal = args.one('journal');
    if (journal === undefined) throw new CliError('RL-001', '--journal is required');
    const configurationFile = findConfigurationFile(args.one('config'));
    const { server } = readConfiguration(configurationFile, io.environment);
    readGrid(grid);
    const pointList = readValidPointList(points);
    ensureFolder(journal);
    await checkPortIsFree(server.host, server.port);
    const { signal, release } = stopOnSignals();
    try {
      const consoleFolder = await buildConsole(io.err, signal);
      // The journal keeps what was in force: a replay must see the same grid and points.
      const gridText = readText(findGridFile(grid));
      const [gridFile, pointsFile] = [join(journal, 'grid.json'), join(journal, 'points.json')];
      writeFileSync(gridFile, gridText);
      writeFileSync(pointsFile, `${JSON.stringify(pointList, null, 2)}\n`);
      const center = await startChildProcess({
        name: 'control centre',
        main: CONTROL_CENTER_MAIN,
        args: [
          `--grid=${resolve(gridFile)}`,
          `--points=${resolve(pointsFile)}`,
          `--journal=${resolve(journal)}`,
          `--console=${consoleFolder}`,
          ...(configurationFile === undefined ? [] : [`--config=${configurationFile}`]),
        ],
        ready: ControlCenterReady,
        readyWithin_ms: 60_000,
        logFile: join(journal, 'control-center.log'),
        signal,
      });
      const { url } = center.ready;
      io.out(args.has('json') ? JSON.stringify({ console: url }) : `Console: ${url}`);
      const death = await Promise.race([center.died, aborted(signal)]);
      io.err('Stopping…');
      await center.stop();
      if (death instanceof CliError) throw death;
      return 0;
    } catch (error) {
      if (error instanceof Stopped) return 0;
      throw error;
    } finally {
      release();
    }
  },
};
