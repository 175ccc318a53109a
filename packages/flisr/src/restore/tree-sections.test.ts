import { CLOSED, normalPositions, type Network } from '@relight/topology';
import { expect, test } from 'vitest';
import { compile, feeder, join, tie } from '../small-grids.ts';
import { problemAfterFault } from './problem-after-fault.ts';
import type { RestorationProblem } from './problem.ts';
import { sectionsOnSource, sectionsOnSources, switchesAt } from './tree-sections.ts';

const GRID = join(feeder('A', 4), feeder('B', 2), feeder('C', 3), {
  switches: [tie('T', 'AN2', 'BN1'), tie('U', 'AN3', 'CN1'), tie('V', 'BN2', 'CN3')],
});

/** A fault in the second section of A; ties of `closed` are closed before. */
function problemOf(network: Network, closed: readonly string[]): RestorationProblem {
  const positionsBefore = normalPositions(network);
  for (const id of closed) positionsBefore[network.index.switch.get(id)!] = CLOSED;
  return problemAfterFault(network, 'LA2', {}, positionsBefore);
}

/** Looked for in the whole grid. */
function sectionsBySource({ network, now }: RestorationProblem, source: number): number[] {
  const sections = Array.from({ length: network.sectionCount }, (_, section) => section);
  const nodeOf = (section: number) => network.sectionNodes[network.sectionStart[section]!]!;
  return sections.filter((section) => now.nodeSource[nodeOf(section)] === source);
}

for (const closed of [[], ['V'], ['T'], ['U', 'V']]) {
  test(`the sections on every source are found from it outward, ${closed.join(' and ') || 'no tie'} closed`, () => {
    const network = compile(GRID);
    const problem = problemOf(network, closed);
    const sources = network.sourceNode.map((_, source) => source);
    for (const source of [-1, ...sources]) {
      expect([...sectionsOnSource(problem, source)]).toEqual(sectionsBySource(problem, source));
    }
    const all = [...sectionsOnSources(problem, [-1, ...sources])];
    expect(all).toEqual(Array.from({ length: network.sectionCount }, (_, section) => section));
  });
}

test('switches at sections are met once each, those within a section and between two as well', () => {
  const network = compile(GRID);
  const problem = problemOf(network, []);
  const sections = sectionsOnSource(problem, -1);
  const expected = [...network.switchSectionFrom.keys()].filter(
    (at) =>
      sections.includes(network.switchSectionFrom[at]!) ||
      sections.includes(network.switchSectionTo[at]!),
  );
  expect([...switchesAt(problem, sections)]).toEqual(expected);
  expect([...switchesAt(problem, sections)]).toEqual(expected);
});
