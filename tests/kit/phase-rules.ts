import {
  carrying,
  liveNodes,
  moved,
  reach,
  sectionOf,
  sourceNodes,
  wayToSource,
  type SwitchingState,
} from './switching-state.ts';

/**
 * What speaks against a move where conductors were joined and nobody has confirmed the phase order:
 * a close that joins two live sides one of which is fed through them, and a tie that gives life to
 * them or takes it out of them where none did before. Switches of unknown position count as closed too.
 * @param joined - nodes of such conductors.
 */
export function objectionsToPhases(
  now: SwitchingState,
  step: { readonly switch: string; readonly action: 'open' | 'close' },
  joined: ReadonlySet<string>,
): readonly string[] {
  const reasons: string[] = [];
  const parts = [...joined].map((node) => sectionOf(now.grid, node));
  const next = moved(now, step.switch, step.action);
  const each = (now.grid.switches ?? []).find(({ id }) => id === step.switch);
  const live = liveNodes(now);
  if (step.action === 'close' && each !== undefined && live.has(each.from) && live.has(each.to)) {
    const onWay = [each.from, each.to].flatMap((node) => [
      node,
      ...(wayToSource(now, node) ?? []).flatMap(({ from, to }) => [from, to]),
    ]);
    const through = onWay.find((node) => parts.some((part) => part.has(node)));
    if (through !== undefined) reasons.push(`parallel through an unconfirmed part: ${through}`);
  }
  for (const doubtful of [false, true]) {
    const before = fedByTies(now, parts, doubtful);
    const added = [...fedByTies(next, parts, doubtful)].find((pair) => !before.has(pair));
    if (added !== undefined) reasons.push(`tie and unconfirmed part on one way: ${added}`);
  }
  return reasons;
}

/** Pairs of a tie that is closed and a part, where without the one the other is dead. */
function fedByTies(
  state: SwitchingState,
  parts: readonly ReadonlySet<string>[],
  doubtful: boolean,
): ReadonlySet<string> {
  const pairs = new Set<string>();
  const branches = carrying(state, doubtful);
  const live = liveNodes(state, doubtful);
  const isTie = new Set(
    (state.grid.switches ?? []).filter((each) => each.normallyOpen === true).map(({ id }) => id),
  );
  for (const tie of branches.filter(({ id, from }) => isTie.has(id) && live.has(from))) {
    const others = branches.filter(({ id }) => id !== tie.id);
    const without = reach(sourceNodes(state), others);
    parts.forEach((part) => {
      const [node] = part;
      if (node === undefined || !live.has(node)) return;
      const around = branches.filter(({ from, to }) => !part.has(from) && !part.has(to));
      const roots = sourceNodes(state).filter((source) => !part.has(source));
      const past = reach(roots, around);
      const hangsOnPart = !past.has(tie.from) || !past.has(tie.to);
      if (!without.has(node) || hangsOnPart) pairs.add(`${tie.id} ${node}`);
    });
  }
  return pairs;
}
