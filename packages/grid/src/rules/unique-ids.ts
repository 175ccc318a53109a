import { COLLECTIONS } from '../loose-file.ts';
import type { Rule } from './rule.ts';

/** Ids are unique over the whole grid, whatever kind of object bears them. */
export const uniqueIds: Rule = (file, { errors }) => {
  const owner = new Map<string, string>();
  for (const collection of COLLECTIONS) {
    file.items[collection].forEach((item, position) => {
      const id = item?.['id'];
      if (typeof id !== 'string') return;
      const path = `${collection}[${position}]`;
      const first = owner.get(id);
      if (first === undefined) owner.set(id, path);
      else {
        errors.push({
          path: `${path}.id`,
          message: `duplicate id "${id}", also borne by ${first}; expected an id unique over the whole grid`,
        });
      }
    });
  }
};
