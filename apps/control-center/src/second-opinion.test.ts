import type { ControlOrder, GridFile, PointListFile } from '@relight/contract';
import { expect, test } from 'vitest';
import { SecondOpinion } from './second-opinion.ts';

const node = (id: string) => ({ id, nominalVoltage_kV: 22 });

/** Two busbars with a source each, joined by a coupler that is normally open. */
function coupled(parallelAllowed: boolean): GridFile {
  return {
    format: 'relight-grid/1',
    id: 'coupled',
    nodes: ['B1', 'B2'].map(node),
    sources: ['B1', 'B2'].map((at) => ({ id: `S${at}`, node: at, angleGroup: 'north' })),
    switches: [
      {
        id: 'Q',
        kind: 'breaker',
        from: 'B1',
        to: 'B2',
        remote: true,
        normallyOpen: true,
        parallelAllowed,
      },
    ],
  };
}

const POINTS: PointListFile = {
  format: 'relight-points/1',
  grid: 'coupled',
  rtus: [{ id: 'R', protocol: 'modbus-tcp' }],
  points: [{ id: 'Q.position', rtu: 'R', equipment: 'Q', signal: 'position' }],
};

const ORDER: ControlOrder = {
  commandId: 'C1',
  phase: 'operate',
  equipment: 'Q',
  operation: 'close',
  token: 1,
  expiresAt_ms: 10_000,
  seenSequence: 1,
  seenPosition: 'open',
};

function opinion(parallelAllowed: boolean): SecondOpinion {
  const second = new SecondOpinion(coupled(parallelAllowed), POINTS, 10_000);
  second.read(
    [
      {
        point: 'Q.position',
        value: 'open',
        quality: 'good',
        sourceTime_ms: null,
        receiveTime_ms: 0,
        sequence: 1,
      },
    ],
    0,
  );
  return second;
}

test('the monitor lets a coupler close where order and grid file both permit the parallel', () => {
  expect(opinion(true).against({ ...ORDER, parallel: true }, 100)).toBeNull();
});

test('the monitor refuses a parallel that only the order permits, or only the grid file', () => {
  expect(opinion(false).against({ ...ORDER, parallel: true }, 100)).toHaveLength(1);
  expect(opinion(true).against(ORDER, 100)).toHaveLength(1);
});
