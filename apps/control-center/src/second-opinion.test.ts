import {
  DEFAULT_CORE_CONFIGURATION,
  type ControlOrder,
  type GridFile,
  type PointListFile,
} from '@relight/contract';
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
  const second = new SecondOpinion(coupled(parallelAllowed), POINTS, DEFAULT_CORE_CONFIGURATION);
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

test('the monitor counts a switch that is being closed as closed until its command has ended', () => {
  const grid = coupled(false);
  const ends: GridFile = {
    ...grid,
    nodes: [...grid.nodes, node('D')],
    switches: [
      { id: 'Q', kind: 'breaker', from: 'B1', to: 'D', remote: true, normallyOpen: true },
      { id: 'R', kind: 'breaker', from: 'B2', to: 'D', remote: true, normallyOpen: true },
    ],
  };
  const [first] = POINTS.points;
  const second = new SecondOpinion(
    ends,
    { ...POINTS, points: [first!, { ...first!, id: 'R.position', equipment: 'R' }] },
    DEFAULT_CORE_CONFIGURATION,
  );
  const open = { value: 'open', quality: 'good', sourceTime_ms: null, receiveTime_ms: 0 } as const;
  second.read(
    ['Q.position', 'R.position'].map((point) => ({ ...open, point, sequence: 1 })),
    0,
  );
  const arrow = (state: string) =>
    second.note(
      [
        {
          sequence: 1,
          at_ms: 0,
          input: 0,
          kind: 'command',
          by: 'An',
          about: 'C0',
          body: { state, equipment: 'R', operation: 'close' },
        },
      ],
      0,
    );
  expect(second.against(ORDER, 100)).toBeNull();
  arrow('executing');
  expect(second.against(ORDER, 100)).toHaveLength(1);
  arrow('unknown');
  expect(second.against(ORDER, 100)).toHaveLength(1);
  arrow('failed');
  expect(second.against(ORDER, 100)).toBeNull();
});

test('a hold that is not in the grid stops every close until two people take it off the record', () => {
  const second = opinion(true);
  const tag = {
    id: 'T0-7',
    kind: 'crewAtWork' as const,
    equipment: 'S.gone',
    sections: ['S.gone'],
    text: '',
    owner: 'an',
    ownerName: 'An',
    placedAt_ms: 0,
  };
  second.carryOver({ lastIncident: 0, keptDead: [], openCommands: [], tags: [tag] }, 0, 0);
  const order = { ...ORDER, parallel: true };
  expect(second.against(order, 100)?.map(({ en }) => en)).toEqual([
    'To be kept dead but not in the grid: S.gone',
  ]);
  const removed = {
    sequence: 1,
    at_ms: 0,
    input: 0,
    kind: 'tag' as const,
    by: 'an, binh',
    about: 'T0-7',
    body: { state: 'removed', equipment: 'S.gone', lost: true },
  };
  second.note([removed], 100);
  expect(second.against(order, 100)).toBeNull();
});
