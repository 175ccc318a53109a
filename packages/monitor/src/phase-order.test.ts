import type { GridFile } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { createMonitor, type ReportedPosition } from './monitor.ts';

/**
 *   A ─CBA─ a1 ─LA1─ a2 ─SA─ a3 ─LA2─ a4 ─TIE─ b4 ─LB2─ b3 ─SB─ b2 ─LB1─ b1 ─CBB─ B
 * TIE is normally open and may make a parallel.
 */
const node = (id: string) => ({ id, nominalVoltage_kV: 22 });
const line = (id: string, from: string, to: string) => ({ id, from, to, r_ohm: 0.1, x_ohm: 0.1 });
const remote = (id: string, from: string, to: string) => ({
  id,
  kind: 'breaker' as const,
  from,
  to,
  remote: true,
});
const GRID: GridFile = {
  format: 'relight-grid/1',
  id: 'two-feeders',
  nodes: ['A', 'a1', 'a2', 'a3', 'a4', 'B', 'b1', 'b2', 'b3', 'b4'].map(node),
  sources: [
    { id: 'src-A', node: 'A', angleGroup: 'north' },
    { id: 'src-B', node: 'B', angleGroup: 'north' },
  ],
  lines: [
    line('LA1', 'a1', 'a2'),
    line('LA2', 'a3', 'a4'),
    line('LB1', 'b1', 'b2'),
    line('LB2', 'b3', 'b4'),
  ],
  switches: [
    remote('CBA', 'A', 'a1'),
    remote('SA', 'a2', 'a3'),
    { ...remote('TIE', 'a4', 'b4'), normallyOpen: true, parallelAllowed: true },
    remote('SB', 'b2', 'b3'),
    remote('CBB', 'B', 'b1'),
  ],
};

const monitor = createMonitor(GRID);

function closing(equipment: string, open: readonly string[], joint: string) {
  const positions = new Map<string, ReportedPosition>(
    (GRID.switches ?? []).map(({ id }) => [
      id,
      {
        position: open.includes(id) || id === equipment ? 'open' : 'closed',
        quality: 'good',
        age_ms: 100,
      },
    ]),
  );
  return monitor.judgeOrder({
    positions,
    faulted: [],
    earthed: [],
    tagged: [],
    phaseUnconfirmed: [joint],
    order: { equipment, operation: 'close' },
    allowParallel: true,
  });
}

describe('where the phase order of a joint is not confirmed', () => {
  test('no parallel is made through it', () => {
    expect(closing('TIE', [], 'a2')).toEqual({
      ok: false,
      reasons: [
        {
          vi: 'Đóng TIE sẽ hòa hoặc khép vòng qua chỗ nối dây chưa xác nhận thứ tự pha: a2',
          en: 'Closing TIE would make a parallel or a tie through joined conductors of unconfirmed phase order: a2',
        },
      ],
    });
    // SA closes with TIE closed already: the same ring.
    expect(closing('SA', [], 'b3')).toMatchObject({ ok: false });
  });

  test('no tie feeds it', () => {
    expect(closing('TIE', ['SA'], 'a3')).toMatchObject({ ok: false });
  });

  test('no tie is fed through it', () => {
    expect(closing('TIE', ['SA'], 'b2')).toMatchObject({ ok: false });
    expect(closing('SB', ['SA'], 'b1')).toMatchObject({ ok: false });
  });

  test('it is energised from its own side', () => {
    expect(closing('SA', ['TIE'], 'a3')).toEqual({ ok: true });
    expect(closing('CBA', ['TIE', 'SA'], 'a1')).toEqual({ ok: true });
  });

  test('one that stays dead, and ties that fed it before or stay dead, speak against nothing', () => {
    // a3 stays dead behind SA; TIE is open.
    expect(closing('CBA', ['SA', 'TIE'], 'a3')).toEqual({ ok: true });
    // TIE stands closed in the dead part behind SA and CBB, and stays there.
    expect(closing('CBA', ['SA', 'CBB'], 'a1')).toEqual({ ok: true });
    // TIE takes a3 to b1 already; what CBA makes live has no part in that.
    expect(closing('CBA', ['SA'], 'a3')).toEqual({ ok: true });
  });

  test('a tie is what two people made one, not what the file says', () => {
    const positions = new Map<string, ReportedPosition>(
      (GRID.switches ?? []).map(({ id }) => [
        id,
        { position: id === 'SA' ? 'open' : 'closed', quality: 'good', age_ms: 0 },
      ]),
    );
    positions.set('TIE', { position: 'open', quality: 'good', age_ms: 0 });
    const judged = (normal?: ReadonlyMap<string, 'open' | 'closed'>) =>
      monitor.judgeOrder({
        positions,
        faulted: [],
        earthed: [],
        tagged: [],
        phaseUnconfirmed: ['a3'],
        ...(normal === undefined ? {} : { normal }),
        order: { equipment: 'TIE', operation: 'close' },
        allowParallel: true,
      }).ok;
    expect(judged()).toBe(false);
    expect(
      judged(
        new Map([
          ['TIE', 'closed'],
          ['SA', 'open'],
        ]),
      ),
    ).toBe(true);
  });

  test('a tie on the other side of an open switch closes', () => {
    expect(closing('TIE', ['SA'], 'a2')).toEqual({ ok: true });
  });
});
