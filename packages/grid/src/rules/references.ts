import type { Collection } from '../loose-file.ts';
import type { Rule } from './rule.ts';

const REFERENCES: readonly (readonly [Collection, string, Collection])[] = [
  ['nodes', 'substation', 'substations'],
  ['sources', 'node', 'nodes'],
  ['transformers', 'from', 'nodes'],
  ['transformers', 'to', 'nodes'],
  ['lines', 'from', 'nodes'],
  ['lines', 'to', 'nodes'],
  ['switches', 'from', 'nodes'],
  ['switches', 'to', 'nodes'],
  ['faultIndicators', 'node', 'nodes'],
  ['faultIndicators', 'line', 'lines'],
  ['groundDisconnectors', 'node', 'nodes'],
  ['loads', 'node', 'nodes'],
  ['shunts', 'node', 'nodes'],
  ['generators', 'node', 'nodes'],
  ['feeders', 'head', 'switches'],
];
const WHAT: Partial<Record<Collection, string>> = {
  nodes: 'node',
  substations: 'substation',
  lines: 'line',
  switches: 'switch',
};

/** Every reference names an object that exists, of the right kind. */
export const references: Rule = (file, { errors }) => {
  const spellings = new Map<Collection, Map<string, string>>();
  for (const [collection, field, target] of REFERENCES) {
    file.items[collection].forEach((item, position) => {
      const id = item?.[field];
      // A missing or mistyped field is the shape check's business.
      if (typeof id !== 'string' || id === '' || file.positions[target].has(id)) return;
      let known = spellings.get(target);
      if (known === undefined) {
        known = new Map();
        for (const other of file.positions[target].keys()) known.set(plain(other), other);
        spellings.set(target, known);
      }
      const near = known.get(plain(id));
      const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
      errors.push({
        path: `${collection}[${position}].${field}`,
        message: `unknown ${WHAT[target] ?? target} "${id}"; expected the id of an entry of ${target}${hint}`,
      });
    });
  }
};

/** Two ids that differ only in case, space or punctuation are likely the same thing. */
function plain(id: string): string {
  return id.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
