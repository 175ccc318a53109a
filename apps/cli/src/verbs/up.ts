import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopback } from '@relight/contract';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { findConfigurationFile, readConfiguration } from '../read-configuration.ts';
import { findGridFile, readGrid } from '../read-grid.ts';
import type { Verb } from '../verb.ts';
import { buildConsole } from '../system/build-console.ts';
import { checkPortIsFree } from '../system/free-port.ts';
import { createRunFolder } from '../system/run-folder.ts';
import { startSystem } from '../system/start-system.ts';
import { runUntilStopped } from '../system/until-stopped.ts';

const DEFAULT_GRID = 'demo-town';

export const up: Verb = {
  arguments: {
    positionals: [],
    options: {
      grid: { kind: 'one', value: 'GRID', help: `grid to run (default ${DEFAULT_GRID})` },
      port: { kind: 'one', value: 'N', help: 'port of the console; 0 takes any free one' },
      seed: { kind: 'one', value: 'N', help: 'seed of everything random in the simulation' },
      config: { kind: 'one', value: 'FILE', help: 'configuration (default relight.yaml)' },
    },
  },
  description: [
    'Runs the RTU simulators, the control centre and the console on this machine. The last line',
    'on standard output is the address to open; Ctrl-C stops everything. Grid, points,',
    'journal and logs of each run stay under .relight/runs, for `relight replay`.',
  ].join('\n'),
  run: async (args, io) => {
    const port = args.number('port', { min: 0, max: 65_535, whole: true });
    const seed = args.number('seed', { min: 0, max: 2 ** 31, whole: true });
    const configurationFile = findConfigurationFile(args.one('config'));
    const configuration = readConfiguration(configurationFile, io.environment, {
      server: port === undefined ? {} : { port },
      simulation: seed === undefined ? {} : { seed },
    });
    const { server, simulation, watchdog } = configuration;
    const grid = args.one('grid') ?? DEFAULT_GRID;
    const { counts } = readGrid(grid);
    if (configuration.profile === 'production') {
      throw new CliError('RL-053', 'relight up simulates the field', EXIT_NO);
    }
    // Before anything is started: simulators that have to be taken down again help nobody.
    if (!isLoopback(server.host)) {
      throw new CliError('RL-011', `refused to listen on ${server.host}`, EXIT_NO);
    }
    await checkPortIsFree(server.host, server.port);
    io.err(
      `Grid ${grid}: ${counts.feeders} feeders, ${counts.remoteSwitches} remote switches, ${counts.customers} customers.`,
    );

    const start = async (signal: AbortSignal) => {
      const consoleFolder = buildConsole(io.err, signal);
      consoleFolder.catch(() => {}); // Awaited by the start of the control centre.
      const folder = createRunFolder(new Date());
      // The run keeps its own grid: a replay must see the one that was in force.
      const gridFile = join(folder, 'grid.json');
      copyFileSync(findGridFile(grid), gridFile);
      const system = await startSystem({
        gridFile,
        folder,
        seed: simulation.seed,
        speed: 1,
        startHour_h: simulation.startHour_h,
        host: server.host,
        port: server.port,
        consoleFolder,
        configurationFile,
        watched: { port: watchdog.port, host: '127.0.0.1' },
        progress: io.err,
        signal,
      });
      const { url, token } = system.controlCenter;
      io.out(args.has('json') ? JSON.stringify({ console: url, token }) : `Console: ${url}`);
      return system;
    };
    await runUntilStopped(start, () => io.err('Stopping…'));
    return 0;
  },
};
