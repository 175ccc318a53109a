/** What a close is asked about where conductors were joined and nobody has confirmed the phase order. */
export interface PhaseQuestion {
  /** Sets of nodes, each of one section with such conductors. */
  readonly joints: readonly ReadonlySet<string>[];
  /** Ends of the switch that is to be closed. */
  readonly ends: readonly [string, string];
  readonly order: string;
  /** Switches that the normal state has open and that are, or may be, closed; the ordered one too. */
  readonly ties: readonly { readonly id: string; readonly from: string; readonly to: string }[];
  readonly sources: ReadonlySet<string>;
  /** Neighbours of a node over everything that is, or may be, closed, the ordered switch included. */
  neighbours(node: string): Iterable<{ readonly to: string; readonly via: string | null }>;
}

/**
 * A node of the joint that speaks against a close; null: none does. A joint lies on a way where what
 * it feeds is dead without it. So a close that joins two fed sides is refused where one of them would
 * be dead without the joint; one that feeds a dead side, where a tie would be dead without the joint
 * or the joint without the tie, and one of the two is dead before the close.
 */
export function jointInTheWay(question: PhaseQuestion): string | null {
  const { joints, ends, order, ties, sources } = question;
  const nothing: ReadonlySet<string> = new Set();
  const fedWithout = (switches: readonly string[], nodes: ReadonlySet<string>) => {
    const fed = new Set([...sources].filter((node) => !nodes.has(node)));
    for (const node of fed) {
      for (const { to, via } of question.neighbours(node)) {
        if (nodes.has(to) || (via !== null && switches.includes(via))) continue;
        fed.add(to);
      }
    }
    return fed;
  };
  const before = fedWithout([order], nothing);
  const joins = ends.every((end) => before.has(end));
  const after = joins ? before : fedWithout([], nothing);
  for (const joint of joints) {
    const node = [...joint][0]!;
    if (!after.has(node)) continue;
    if (joins) {
      const without = fedWithout([order], joint);
      if (ends.some((end) => !without.has(end))) return node;
      continue;
    }
    const without = fedWithout([], joint);
    for (const tie of ties) {
      const wasThere = [node, tie.from, tie.to].every((each) => before.has(each));
      if (wasThere || !after.has(tie.from)) continue;
      const hangsOnJoint = !without.has(tie.from) || !without.has(tie.to);
      if (hangsOnJoint || !fedWithout([tie.id], nothing).has(node)) return node;
    }
  }
  return null;
}
