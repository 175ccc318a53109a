import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findGridFile, readGrid, readText } from '../read-grid.ts';
import { startSimulators } from '../system/start-system.ts';
import { runUntilStopped } from '../system/until-stopped.ts';
import type { Verb } from '../verb.ts';
import { checkFilePlace } from '../writable.ts';

export const simulate: Verb = {
  arguments: {
    positionals: ['GRID'],
    options: {
      'write-points': { kind: 'one', value: 'FILE', help: 'where to write the point list' },
      scenario: { kind: 'one', value: 'FILE', help: 'events to play, after relight-scenario/1' },
      'station-access': {
        kind: 'one',
        value: 'FILE',
        help: 'user, password and certificates the OPC UA stations ask for',
      },
      seed: { kind: 'one', value: 'N', help: 'seed of everything random (default 1)' },
      speed: { kind: 'one', value: 'N', help: 'divides plant, motor and reclosing times' },
      hour: { kind: 'one', value: 'H', help: 'hour of the day the plant starts at' },
      'control-port': { kind: 'one', value: 'N', help: 'port of the control API (default any)' },
    },
  },
  description: [
    'Starts RTU simulators for a grid on real sockets, loopback only, for this control centre or',
    'any other master station. Prints the control API, its token and the point list; Ctrl-C',
    'stops them.',
  ].join('\n'),
  run: async (args, io) => {
    const [grid = ''] = args.positionals;
    readGrid(grid);
    const scenario = args.one('scenario');
    const stationAccess = args.one('station-access');
    for (const file of [scenario, stationAccess]) if (file !== undefined) readText(file);
    const pointsFile = args.one('write-points');
    if (pointsFile !== undefined) checkFilePlace(resolve(pointsFile));
    const folder = mkdtempSync(join(tmpdir(), 'relight-simulate-'));
    const start = async (signal: AbortSignal) => {
      const simulators = await startSimulators({
        gridFile: findGridFile(grid),
        pointsFile: resolve(pointsFile ?? join(folder, 'points.json')),
        logFile: join(folder, 'simulators.log'),
        seed: args.number('seed', { min: 0, max: 2 ** 31, whole: true }) ?? 1,
        speed: args.number('speed', { min: 1, max: 1_000 }) ?? 1,
        startHour_h: args.number('hour', { min: 0, max: 24 }),
        scenarioFile: scenario,
        stationAccessFile: stationAccess,
        controlPort: args.number('control-port', { min: 0, max: 65_535, whole: true }),
        signal,
      });
      const { control, token, points, rtus } = simulators.ready;
      io.out(
        args.has('json')
          ? JSON.stringify({ control, token, points, rtus })
          : `${rtus} RTUs listen.\nControl API: ${control} (Authorization: Bearer ${token})\nPoints: ${points}`,
      );
      return simulators;
    };
    try {
      await runUntilStopped(start);
      return 0;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
