import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ControlCenterReady, ControlCenterWaits } from '@relight/contract';
import { CliError } from '../cli-error.ts';
import { CONTROL_CENTER_MAIN } from '../places.ts';
import { findConfigurationFile, readConfiguration } from '../read-configuration.ts';
import { findGridFile, readGrid } from '../read-grid.ts';
import { readValidPointList } from '../read-point-list.ts';
import { buildConsole } from '../system/build-console.ts';
import { startChildProcess, type ChildProcess } from '../system/child-process.ts';
import { checkPortIsFree } from '../system/free-port.ts';
import { supervise } from '../system/supervise.ts';
import { runUntilStopped } from '../system/until-stopped.ts';
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
    const { server, watchdog } = readConfiguration(configurationFile, io.environment);
    readGrid(grid);
    readValidPointList(points);
    ensureFolder(journal);
    await checkPortIsFree(server.host, server.port);
    const serving = async (signal: AbortSignal) => {
      const consoleFolder = await buildConsole(io.err, signal);
      const standby = args.has('standby');
      const start = (
        watchdogAddress: string,
        before: ControlCenterReady | null,
      ): Promise<ChildProcess<ControlCenterReady>> => {
        const port = before === null ? '' : new URL(before.local ?? before.url).port;
        // Whoever led keeps what was in force in the folder; who comes back goes on with that. By
        // then a standby may lead: the one that comes back waits behind it. Where it could not be
        // kept nothing stands there.
        const kept = { grid: join(journal, 'grid.json'), points: join(journal, 'points.json') };
        const files =
          before !== null && existsSync(kept.grid) && existsSync(kept.points)
            ? kept
            : { grid: findGridFile(grid), points };
        const waits = standby || before !== null;
        return startChildProcess({
          name: 'control centre',
          main: CONTROL_CENTER_MAIN,
          args: [
            `--grid=${resolve(files.grid)}`,
            `--points=${resolve(files.points)}`,
            `--journal=${resolve(journal)}`,
            `--console=${consoleFolder}`,
            ...(configurationFile === undefined ? [] : [`--config=${configurationFile}`]),
            ...(port === '' ? [] : [`--port=${port}`]),
            ...(waits ? ['--standby'] : []),
            `--watchdog=${watchdogAddress}`,
          ],
          ready: ControlCenterReady,
          readyWithin_ms: 60_000,
          waits: {
            line: ControlCenterWaits,
            told: () => io.err('Standby: waits until nobody leads on this journal.'),
          },
          logFile: join(journal, standby ? 'standby.log' : 'control-center.log'),
          signal,
        });
      };
      const supervised = await supervise({
        start,
        // Browsers of other machines reach it by the proxy, which may be on another one too.
        watchdog: {
          port: watchdog.port,
          host: watchdog.origin === null ? '127.0.0.1' : server.host,
        },
        logFile: join(journal, 'watchdog.log'),
        signal,
        progress: io.err,
      });
      const { url } = supervised.first.ready;
      io.out(args.has('json') ? JSON.stringify({ console: url }) : `Console: ${url}`);
      return supervised;
    };
    await runUntilStopped(serving, () => io.err('Stopping…'));
    return 0;
  },
};
