import type { GridFile } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { demoTownFile } from './seed-grids/demo-town.ts';
import { parseGrid, parseGridText } from './parse-grid.ts';

/** Source – breaker – n1 – line – n2 – tie (open) – n3 – breaker – another source. */
function small(): GridFile {
  return {
    format: 'relight-grid/1',
    id: 'small',
    nodes: ['a', 'n1', 'n2', 'n3', 'b'].map((id) => ({ id, nominalVoltage_kV: 22 })),
    sources: [
      { id: 'A', node: 'a' },
      { id: 'B', node: 'b' },
    ],
    lines: [{ id: 'L1', from: 'n1', to: 'n2', r_ohm: 0.1, x_ohm: 0.2 }],
    switches: [
      { id: 'CB-A', kind: 'breaker', from: 'a', to: 'n1' },
      { id: 'TIE', kind: 'loadBreakSwitch', from: 'n2', to: 'n3', normallyOpen: true },
      { id: 'CB-B', kind: 'breaker', from: 'b', to: 'n3' },
    ],
    loads: [{ id: 'D2', node: 'n2', p_kW: 100, customers: 7 }],
  };
}
type Draft = ReturnType<typeof small> & Record<string, unknown>;

function errorsOf(change: (file: Draft) => void): readonly string[] {
  const file = small() as Draft;
  change(file);
  const parsed = parseGrid(file);
  return parsed.ok ? [] : parsed.error.map(({ path, message }) => `${path}: ${message}`);
}
function warningsOf(change: (file: Draft) => void): readonly string[] {
  const file = small() as Draft;
  change(file);
  const parsed = parseGrid(file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.warnings.map(({ path, message }) => `${path}: ${message}`);
}

test('a valid file becomes a model in SI units, sorted by id, defaults filled in', () => {
  const parsed = parseGrid(small());
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { grid, counts, warnings } = parsed.value;
  expect(warnings).toEqual([]);
  expect(grid.connectivityNodes.map((node) => node.id)).toEqual(['a', 'b', 'n1', 'n2', 'n3']);
  expect(grid.switches.map((s) => [s.id, s.protects, s.remote, s.normallyOpen])).toEqual([
    ['CB-A', true, false, false],
    ['CB-B', true, false, false],
    ['TIE', false, false, true],
  ]);
  expect(grid.connectivityNodes[0]?.nominalVoltage).toBe(22_000);
  expect(grid.loads[0]).toMatchObject({ activePower: 100_000, node: 3, priority: 'normal' });
  expect(grid.lines[0]).toMatchObject({ from: 2, to: 3, ratedCurrent: null });
  expect(grid.limits).toEqual({
    minVoltage: 0.95,
    maxVoltage: 1.05,
    loadingFactor: 1,
    emergencyMinVoltage: 0.9,
  });
  expect(counts).toMatchObject({ nodes: 5, switches: 3, remoteSwitches: 0, customers: 7 });
});

test('the model does not depend on the order of the file', () => {
  const file = demoTownFile();
  const turned = Object.fromEntries(
    Object.entries(file).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.toReversed() : value,
    ]),
  );
  const [one, other] = [parseGrid(file), parseGrid(turned)];
  expect(one.ok && other.ok && other.value.grid).toEqual(one.ok && one.value.grid);
});

test('ten different mistakes yield ten messages, each with path and expectation', () => {
  const errors = errorsOf((file) => {
    file.format = 'relight-grid/7' as 'relight-grid/1';
    file.nodes.push({ id: 'n2', nominalVoltage_kV: 22 });
    file.nodes.push({ id: 'lonely', nominalVoltage_kV: 22 });
    file.lines?.push({ id: 'L2', from: 'n1', to: 'N9', r_ohm: 0.1, x_ohm: 0.2 });
    file.lines?.push({ id: 'L3', from: 'n1', to: 'n2', r_ohm: 0.1, x_ohm: 0.2, rated_A: -5 });
    file.loads?.push({ id: 'D3', node: 'n3', p_kW: Number.NaN });
    file.switches?.push({ id: 'S9', kind: 'braker' as 'breaker', from: 'n2', to: 'n2' });
    file.switches?.push({ id: 'JOIN', kind: 'disconnector', from: 'n2', to: 'n3' });
    file.feeders = [{ id: 'F1', head: 'L1' }];
  });
  expect(errors).toEqual([
    'format: expected "relight-grid/1", got "relight-grid/7"',
    'lines[2].rated_A: expected a number of at least 0, got -5',
    expect.stringMatching(/^switches\[3\]\.kind: expected one of .* \(did you mean "breaker"\?\)/),
    'loads[1].p_kW: expected a number, got NaN',
    'nodes[5].id: duplicate id "n2", also borne by nodes[2]; expected an id unique over the whole grid',
    'lines[1].to: unknown node "N9"; expected the id of an entry of nodes',
    'feeders[0].head: unknown switch "L1"; expected the id of an entry of switches',
    'switches[3].to: is the same node "n2" as from; expected two different nodes',
    'nodes[6]: no path to any source even with every switch closed: "lonely"; expected a line, transformer or switch towards a source',
    expect.stringMatching(
      /^sources\[1\]: source "B" is joined to source "A" in the normal state through "CB-B", "JOIN", "CB-A", and they may not be paralleled/,
    ),
  ]);
});

describe('each rule', () => {
  const refused: readonly [string, (file: Draft) => void, string][] = [
    [
      'an id used for two kinds of object',
      (file) => file.loads?.push({ id: 'L1', node: 'n1', p_kW: 1 }),
      'loads[1].id: duplicate id "L1", also borne by lines[0]',
    ],
    [
      'a reference that differs only in spelling',
      (file) => file.loads?.push({ id: 'D9', node: 'N-1', p_kW: 1 }),
      'loads[1].node: unknown node "N-1"; expected the id of an entry of nodes (did you mean "n1"?)',
    ],
    [
      'a line between two voltages',
      (file) => {
        const node = file.nodes[2];
        if (node !== undefined) node.nominalVoltage_kV = 35;
      },
      'lines[0]: joins 22 kV ("n1") and 35 kV ("n2"); expected one nominal voltage at both ends',
    ],
    [
      'limits that leave no voltage',
      (file) => (file.limits = { minVoltage_pu: 1.05, maxVoltage_pu: 1.05 }),
      'limits: minVoltage_pu 1.05 is not below maxVoltage_pu 1.05',
    ],
    [
      'a fault indicator beside its line',
      (file) => (file.faultIndicators = [{ id: 'FI', node: 'n3', line: 'L1' }]),
      'faultIndicators[0].node: node "n3" is no end of line "L1"; expected "n1" or "n2"',
    ],
    [
      'two feeders with one head',
      (file) =>
        (file.feeders = [
          { id: 'F1', head: 'CB-A' },
          { id: 'F2', head: 'CB-A' },
        ]),
      'feeders[1].head: "CB-A" is already the head of feeders[0]',
    ],
    [
      'two sources on one node',
      (file) => file.sources.push({ id: 'C', node: 'a' }),
      'sources[2].node: "a" already carries sources[0]',
    ],
    ['no source at all', (file) => (file.sources = []), 'sources: is empty'],
    [
      'a list that is none',
      (file) => (file['lines'] = {} as never),
      'lines: expected a list, got an object',
    ],
  ];
  test.each(refused)('refuses %s', (_, change, says) => {
    expect(errorsOf(change).join('\n')).toContain(says);
  });

  test('one wrong reference is one message: what hangs on it is not reported again', () => {
    expect(
      errorsOf((file) => {
        const breaker = file.switches?.[0];
        if (breaker !== undefined) breaker.from = 'aa';
        const tie = file.switches?.[1];
        if (tie !== undefined) tie.from = 'zz';
      }),
    ).toEqual([
      'switches[0].from: unknown node "aa"; expected the id of an entry of nodes',
      'switches[1].from: unknown node "zz"; expected the id of an entry of nodes',
    ]);
    expect(
      errorsOf((file) => {
        file.sources = [{ id: 'A', node: 'aa' }];
      }),
    ).toEqual(['sources[0].node: unknown node "aa"; expected the id of an entry of nodes']);
  });
});

describe('two sources joined in the normal state', () => {
  const closeTie = (file: Draft): void => {
    const tie = file.switches?.[1];
    if (tie !== undefined) tie.normallyOpen = false;
  };

  test('are refused when each is its own angle group, also by a group that bears the other’s id', () => {
    expect(errorsOf(closeTie).length).toBe(1);
    expect(
      errorsOf((file) => {
        closeTie(file);
        const source = file.sources[1];
        if (source !== undefined) source.angleGroup = 'A';
      }).length,
    ).toBe(1);
  });

  test('are a warning within one angle group', () => {
    const warnings = warningsOf((file) => {
      closeTie(file);
      for (const source of file.sources) source.angleGroup = 'north';
    });
    expect(warnings).toEqual([
      expect.stringContaining('sources[1]: source "B" is joined to source "A"'),
    ]);
  });

  test('are found through transformers, and refused when their vector groups differ', () => {
    const build = (shift_deg: number) => (file: Draft) => {
      for (const source of file.sources) source.angleGroup = 'north';
      file.switches = file.switches?.filter((s) => s.id !== 'TIE') ?? [];
      file.transformers = [
        {
          id: 'T',
          from: 'n2',
          to: 'n3',
          rated_MVA: 10,
          shortCircuitVoltage_pct: 8,
          phaseShift_deg: shift_deg,
        },
      ];
    };
    expect(errorsOf(build(30))).toEqual([expect.stringContaining('with a phase shift of')]);
    expect(warningsOf(build(0)).length).toBe(1);
    expect(warningsOf(build(360)).length).toBe(1);
  });
});

describe('the normal state', () => {
  test('a loop on one source is a warning, unless the phase shift round it is not nought', () => {
    const loop = (file: Draft): void => {
      file.lines?.push({ id: 'L2', from: 'n1', to: 'n2', r_ohm: 0.1, x_ohm: 0.2 });
    };
    expect(warningsOf(loop)).toEqual([expect.stringMatching(/closes a loop in the normal state/)]);
    const twisted = errorsOf((file) => {
      file.transformers = [
        {
          id: 'T',
          from: 'n1',
          to: 'n2',
          rated_MVA: 1,
          shortCircuitVoltage_pct: 6,
          phaseShift_deg: -30,
        },
      ];
    });
    expect(twisted).toEqual([expect.stringContaining('closes a loop with a phase shift of')]);
  });

  test('a dark part is a warning that counts its loads', () => {
    expect(
      warningsOf((file) => {
        const breaker = file.switches?.[0];
        if (breaker !== undefined) breaker.normallyOpen = true;
      }),
    ).toEqual(['nodes[1]: dark in the normal state: "n1", "n2", 1 load on them']);
  });

  test('a live earthed node is a warning', () => {
    expect(
      warningsOf((file) => {
        file.groundDisconnectors = [{ id: 'G', node: 'n1', closed: true }];
      }),
    ).toEqual([expect.stringMatching(/^groundDisconnectors\[0\]\.closed: earths node "n1"/)]);
  });
});

test('odd but harmless values are warnings', () => {
  expect(
    warningsOf((file) => {
      file['colour'] = 'red';
      file.nodes[0] = { id: 'a', nominalVoltage_kV: 22, lon: 600_000, lat: 1_500_000 };
      file.nodes[1] = { id: 'n1', nominalVoltage_kV: 22, lon: 109 };
      file.lines = [
        { id: 'L1', from: 'n1', to: 'n2', r_ohm: 0, x_ohm: 0, rated_A: 300, emergency_A: 200 },
      ];
    }).map((text) => text.split(':')[0]),
  ).toEqual(['colour', 'lines[0].emergency_A', 'nodes[0]', 'nodes[1]']);
});

test('what is no grid file at all gets one message', () => {
  for (const json of [null, 7, 'grid', []]) {
    expect(parseGrid(json)).toMatchObject({ ok: false, error: [{ path: '$' }] });
  }
  expect(parseGridText('{"format": relight}')).toMatchObject({
    ok: false,
    error: [{ path: 'line 1, column 12' }],
  });
});

/** A chain without branches, as long as asked for. */
function chain(count: number): GridFile {
  return {
    format: 'relight-grid/1',
    id: 'long',
    nodes: Array.from({ length: count }, (_, i) => ({ id: `n${i}`, nominalVoltage_kV: 22 })),
    sources: [{ id: 'src', node: 'n0' }],
    lines: Array.from({ length: count - 1 }, (_, i) => ({
      id: `l${i}`,
      from: `n${i}`,
      to: `n${i + 1}`,
      r_ohm: 0.01,
      x_ohm: 0.01,
    })),
  };
}

/** Processor time of judging a chain, faultless and with every line wrong, ms. */
function judging_ms(count: number): number {
  const file = chain(count);
  const start = process.cpuUsage();
  expect(parseGrid(file).ok).toBe(true);
  for (const line of file.lines ?? []) line.to = `x${line.to}`;
  const parsed = parseGrid(file);
  // One a line, and one for the last node, which no line names any more.
  expect(parsed.ok ? 0 : parsed.error.length).toBe(count);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

test('the time to judge a chain grows with its length, not with the square of it', () => {
  judging_ms(1_000);
  const short_ms = judging_ms(10_000);
  // Ten times as long: a hundredfold would be the square.
  expect(judging_ms(100_000)).toBeLessThan(40 * short_ms);
});
