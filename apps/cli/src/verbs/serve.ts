import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ControlCenterReady } from '@relight/contract';
import { CliError } from '../cli-error.ts';
import { CONTROL_CENTER_MAIN } from '../places.ts';
import { findConfigurationFile, readConfiguration } from '../read-configuration.ts';
import { findGridFile, readGrid, readText } from '../read-grid.ts';
import { readValidPointList } from '../read-point-list.ts';
import { buildConsole } from '../system/build-console.ts';
import { startChildProcess, Stopped, type ChildProcess } from '../system/child-process.ts';
import { checkPortIsFree } from '../system/free-port.ts';
import { supervise } from '../system/supervise.ts';
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
      standby: {
        kind: 'flag',
        help: 'wait behind the control centre that leads on this journal, and take over from it',
      },
    },
  },
  description: [
    'Runs the control centre and its console against real RTUs, without a simulation. In the',
    'production profile (`profile: production` in relight.yaml) it is for people with accounts',
    '(`relight user add`), behind a proxy that ends TLS, and refuses to start while anything about',
    'it is unsafe. What dies or hangs is started again; Ctrl-C stops it. Its log goes to',
    'control-center.log in the journal folder.',
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
      const standby = args.has('standby');
      const files = standby
        ? { grid: findGridFile(grid), points }
        : putInForce(journal, readText(findGridFile(grid)), pointList);
      const start = (port: string): Promise<ChildProcess<ControlCenterReady>> =>
        startChildProcess({
          name: 'control centre',
          main: CONTROL_CENTER_MAIN,
          args: [
            `--grid=${resolve(files.grid)}`,
            `--points=${resolve(files.points)}`,
            `--journal=${resolve(journal)}`,
            `--console=${consoleFolder}`,
            ...(configurationFile === undefined ? [] : [`--config=${configurationFile}`]),
            ...(port === '' ? [] : [`--port=${port}`]),
            ...(standby ? ['--standby'] : []),
          ],
          ready: ControlCenterReady,
          // A standby serves when nobody else does, whenever that is.
          readyWithin_ms: standby ? null : 60_000,
          logFile: join(journal, standby ? 'standby.log' : 'control-center.log'),
          signal,
        });
      if (standby) io.err('Standby: waits until nobody leads on this journal.');
      const first = await start('');
      const { port } = new URL(first.ready.local ?? first.ready.url);
      const supervised = await supervise({
        first,
        again: () => start(port),
        logFile: join(journal, 'watchdog.log'),
        signal,
        progress: io.err,
      });
      const { url } = first.ready;
      io.out(args.has('json') ? JSON.stringify({ console: url }) : `Console: ${url}`);
      const death = await Promise.race([supervised.died, aborted(signal)]);
      io.err('Stopping…');
      await supervised.stop();
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

/** The journal keeps what was in force: a replay must see the same grid and points. */
function putInForce(
  journal: string,
  gridText: string,
  pointList: unknown,
): { readonly grid: string; readonly points: string } {
  const [grid, points] = [join(journal, 'grid.json'), join(journal, 'points.json')];
  writeFileSync(grid, gridText);
  writeFileSync(points, `${JSON.stringify(pointList, null, 2)}\n`);
  return { grid, points };
}
