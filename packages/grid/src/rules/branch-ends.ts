import type { Rule } from './rule.ts';

/** A branch joins two different nodes; a line or switch joins nodes of one nominal voltage. */
export const branchEnds: Rule = (file, { errors }) => {
  for (const { collection, position, from, to } of file.branches) {
    const path = `${collection}[${position}]`;
    if (from < 0 || to < 0) continue;
    const fromNode = file.items.nodes[from];
    const toNode = file.items.nodes[to];
    if (from === to) {
      errors.push({
        path: `${path}.to`,
        message: `is the same node "${String(fromNode?.['id'])}" as from; expected two different nodes`,
      });
      continue;
    }
    if (collection === 'transformers') continue;
    const a = fromNode?.['nominalVoltage_kV'];
    const b = toNode?.['nominalVoltage_kV'];
    if (typeof a === 'number' && typeof b === 'number' && a !== b) {
      errors.push({
        path,
        message: `joins ${a} kV ("${String(fromNode?.['id'])}") and ${b} kV ("${String(toNode?.['id'])}"); expected one nominal voltage at both ends`,
      });
    }
  }
};
