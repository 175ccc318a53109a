import type { Rule } from './rule.ts';

/** Indicators stand at an end of their line, each feeder has a head of its own, one source a node. */
export const fieldDevices: Rule = (file, { errors }) => {
  file.items.faultIndicators.forEach((item, position) => {
    const { node, line } = item ?? {};
    if (typeof node !== 'string' || typeof line !== 'string') return;
    const place = file.positions.lines.get(line);
    if (place === undefined || !file.positions.nodes.has(node)) return;
    const { from, to } = file.items.lines[place] ?? {};
    if (from !== node && to !== node) {
      errors.push({
        path: `faultIndicators[${position}].node`,
        message: `node "${node}" is no end of line "${line}"; expected "${String(from)}" or "${String(to)}"`,
      });
    }
  });
  unique('feeders', 'head', 'is already the head of', 'expected a head of its own');
  unique('sources', 'node', 'already carries', 'expected a node of its own for each source');

  function unique(
    collection: 'feeders' | 'sources',
    field: string,
    clash: string,
    expected: string,
  ): void {
    const first = new Map<string, number>();
    file.items[collection].forEach((item, position) => {
      const id = item?.[field];
      if (typeof id !== 'string') return;
      const other = first.get(id);
      if (other === undefined) first.set(id, position);
      else {
        errors.push({
          path: `${collection}[${position}].${field}`,
          message: `"${id}" ${clash} ${collection}[${other}]; ${expected}`,
        });
      }
    });
  }
};
