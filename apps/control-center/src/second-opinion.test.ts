import type { GridFile } from '@relight/contract';
import { expect, test } from 'vitest';
import { CLOSE_Q, opinionOn } from './testing/one-switch.ts';

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

const opinion = (parallelAllowed: boolean) => opinionOn(coupled(parallelAllowed));

test('the monitor lets a coupler close where order and grid file both permit the parallel', () => {
  expect(opinion(true).against({ ...CLOSE_Q, parallel: true }, 100)).toBeNull();
});

test('the monitor refuses a parallel that only the order permits, or only the grid file', () => {
  expect(opinion(false).against({ ...CLOSE_Q, parallel: true }, 100)).toHaveLength(1);
  expect(opinion(true).against(CLOSE_Q, 100)).toHaveLength(1);
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
  const second = opinionOn(ends, ['Q', 'R']);
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
  expect(second.against(CLOSE_Q, 100)).toBeNull();
  arrow('executing');
  expect(second.against(CLOSE_Q, 100)).toHaveLength(1);
  arrow('unknown');
  expect(second.against(CLOSE_Q, 100)).toHaveLength(1);
  arrow('failed');
  expect(second.against(CLOSE_Q, 100)).toBeNull();
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
  const order = { ...CLOSE_Q, parallel: true };
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
