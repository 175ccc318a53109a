import type { GridFile } from '@relight/contract';
import { createMonitor, type OrderToJudge, type ReportedPosition } from '@relight/monitor';
import { CLOSED, compileNetwork, energise, OPEN, type Network } from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf } from '../kit/load-grid.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';

type Knowledge = 'good' | 'stale' | 'old' | 'never' | 'moving';

interface Situation {
  readonly file: GridFile;
  readonly network: Network;
  /** What is really so, by switch id: true = closed. Hand-operated switches stand as in the file. */
  readonly truth: ReadonlyMap<string, boolean>;
  readonly order: OrderToJudge['order'];
  readonly faulted: readonly string[];
  readonly positions: ReadonlyMap<string, ReportedPosition>;
}

function report(closed: boolean, knowledge: Knowledge): ReportedPosition {
  const position = closed ? 'closed' : 'open';
  switch (knowledge) {
    case 'good':
      return { position, quality: 'good', age_ms: 200 };
    case 'stale':
      return { position, quality: 'notTopical', age_ms: 200 };
    case 'old':
      return { position, quality: 'good', age_ms: 3_600_000 };
    case 'never':
      return { position: null, quality: 'invalid', age_ms: 200 };
    case 'moving':
      return { position: 'intermediate', quality: 'good', age_ms: 200 };
  }
}

const situations = (ofOthers: fc.Arbitrary<Knowledge>): fc.Arbitrary<Situation> =>
  fc
    .record({
      file: randomGrid,
      moved: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      known: fc.array(ofOthers, { minLength: 60, maxLength: 60 }),
      target: fc.nat(),
      faultedNode: fc.nat(),
    })
    .map(({ file, moved, known, target, faultedNode }) => {
      const remote = (file.switches ?? []).filter((each) => each.remote === true);
      const ordered = remote[target % remote.length]?.id ?? '';
      const truth = new Map<string, boolean>();
      const positions = new Map<string, ReportedPosition>();
      (file.switches ?? []).forEach((each, index) => {
        const isMoved = each.remote === true && moved[index % moved.length] === true;
        const isClosed = (each.normallyOpen !== true) !== isMoved && each.id !== ordered;
        truth.set(each.id, isClosed);
        if (each.remote !== true) return;
        const knowledge = each.id === ordered ? 'good' : (known[index % known.length] ?? 'good');
        positions.set(each.id, report(isClosed, knowledge));
      });
      return {
        file,
        network: compileNetwork(modelOf(file)),
        truth,
        order: { equipment: ordered, operation: 'close' },
        faulted: [file.nodes[faultedNode % file.nodes.length]?.id ?? ''],
        positions,
      };
    });

const judge = ({ file, ...input }: Situation): boolean =>
  createMonitor(file).judgeOrder({ ...input, earthed: [], tagged: [], allowParallel: false }).ok;

/** What the close really does, by the energisation of the engine. */
function harmOf({ network, truth, order, faulted }: Situation): string[] {
  const positions = Uint8Array.from(network.grid.switches, ({ id }) =>
    truth.get(id) === true ? CLOSED : OPEN,
  );
  const before = energise(network, positions);
  const target = network.index.switch.get(order.equipment) ?? -1;
  positions[target] = CLOSED;
  const after = energise(network, positions);
  const harm: string[] = [];
  const node = network.index.node.get(faulted[0] ?? '') ?? -1;
  if (before.nodeSource[node] === -1 && after.nodeSource[node] !== -1) harm.push('fault live');
  // A ring that stood closed in the dead part is not of this close's making.
  const isLive = (end: number | undefined): boolean => before.nodeSource[end ?? -1] !== -1;
  const { from, to } = network.grid.switches[target] ?? {};
  if (isLive(from) && isLive(to)) harm.push('loop or parallel');
  return harm;
}

test('a close that is let through does no harm, whatever the unknown switches really are', () => {
  const anyKnowledge = fc.constantFrom<Knowledge>(
    'good',
    'good',
    'good',
    'stale',
    'old',
    'never',
    'moving',
  );
  let allowed = 0;
  fc.assert(
    fc.property(situations(anyKnowledge), (situation) => {
      if (!judge(situation)) return;
      allowed += 1;
      expect(harmOf(situation)).toEqual([]);
    }),
    runs(400),
  );
  expect(allowed).toBeGreaterThan(20);
});

test('with every position known, a refused close would have touched the fault or closed a ring', () => {
  let refused = 0;
  fc.assert(
    fc.property(situations(fc.constant('good')), (situation) => {
      if (judge(situation)) return;
      refused += 1;
      const { file, truth, order, faulted } = situation;
      const target = file.switches?.find((each) => each.id === order.equipment);
      const near = hangingTogether(file, truth, target?.from ?? '');
      const far = hangingTogether(file, truth, target?.to ?? '');
      const isSupplied = (part: ReadonlySet<string>): boolean =>
        file.sources.some((source) => part.has(source.node));
      const both = new Set([...near, ...far]);
      const touchesFault = isSupplied(both) && faulted.some((node) => both.has(node));
      const joins = isSupplied(near) && isSupplied(far);
      expect(touchesFault || joins || near.has(target?.to ?? '')).toBe(true);
    }),
    runs(300),
  );
  expect(refused).toBeGreaterThan(20);
});

/** Nodes that closed switches tie to one, found by repeated passes over all branches. */
function hangingTogether(
  file: GridFile,
  truth: ReadonlyMap<string, boolean>,
  start: string,
): ReadonlySet<string> {
  const closed = (file.switches ?? []).filter((each) => truth.get(each.id) === true);
  const branches = [...(file.lines ?? []), ...(file.transformers ?? []), ...closed];
  const part = new Set([start]);
  for (let size = 0; size < part.size;) {
    size = part.size;
    for (const { from, to } of branches) {
      if (part.has(from)) part.add(to);
      if (part.has(to)) part.add(from);
    }
  }
  return part;
}

test('knowing less never lets more through', () => {
  const mutated = fc.tuple(
    situations(fc.constantFrom<Knowledge>('good', 'good', 'never')),
    fc.nat(),
    fc.constantFrom<Knowledge>('stale', 'old', 'never', 'moving'),
  );
  fc.assert(
    fc.property(mutated, ([situation, pick, worse]) => {
      const ids = [...situation.positions.keys()];
      const id = ids[pick % ids.length] ?? '';
      const less = new Map(situation.positions);
      less.set(id, report(situation.truth.get(id) === true, worse));
      const missing = new Map(situation.positions);
      missing.delete(id);
      const now = judge(situation);
      expect([judge({ ...situation, positions: less }), now]).not.toEqual([true, false]);
      expect([judge({ ...situation, positions: missing }), now]).not.toEqual([true, false]);
    }),
    runs(300),
  );
});
