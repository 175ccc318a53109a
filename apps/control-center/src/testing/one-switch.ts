import {
  DEFAULT_CORE_CONFIGURATION,
  type ControlOrder,
  type GridFile,
  type PointListFile,
} from '@relight/contract';
import { SecondOpinion } from '../second-opinion.ts';

/** To close switch Q, which was read open. */
export const CLOSE_Q: ControlOrder = {
  commandId: 'C1',
  phase: 'operate',
  equipment: 'Q',
  operation: 'close',
  token: 1,
  expiresAt_ms: 10_000,
  seenSequence: 1,
  seenPosition: 'open',
};

/** One RTU that tells the positions of these switches. */
function positionsOf(grid: string, switches: readonly string[]): PointListFile {
  return {
    format: 'relight-points/1',
    grid,
    rtus: [{ id: 'R', protocol: 'modbus-tcp' }],
    points: switches.map((id) => ({
      id: `${id}.position`,
      rtu: 'R',
      equipment: id,
      signal: 'position',
    })),
  };
}

/** The monitor of a grid in which these switches have been read open, each once, at 0 ms. */
export function opinionOn(grid: GridFile, switches: readonly string[] = ['Q']): SecondOpinion {
  const points = positionsOf(grid.id, switches);
  const second = new SecondOpinion(grid, points, DEFAULT_CORE_CONFIGURATION);
  second.read(
    switches.map((id) => ({
      point: `${id}.position`,
      value: 'open' as const,
      quality: 'good' as const,
      sourceTime_ms: null,
      receiveTime_ms: 0,
      sequence: 1,
    })),
    0,
  );
  return second;
}
