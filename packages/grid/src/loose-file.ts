/**
 * A grid file read without trust: whatever is there, so that the rules over the whole file can
 * still speak when single fields are wrong. Nothing of it reaches the model.
 */
export const COLLECTIONS = [
  'substations',
  'nodes',
  'sources',
  'transformers',
  'lines',
  'switches',
  'faultIndicators',
  'groundDisconnectors',
  'loads',
  'shunts',
  'generators',
  'feeders',
] as const;
export type Collection = (typeof COLLECTIONS)[number];

export type LooseItem = Readonly<Record<string, unknown>>;

export interface LooseBranch {
  readonly collection: 'lines' | 'transformers' | 'switches';
  /** Position in its list in the file. */
  readonly position: number;
  readonly id: string;
  /** Position of the node in `nodes`; −1 where the file names none that exists. */
  readonly from: number;
  readonly to: number;
  readonly normallyOpen: boolean;
  readonly phaseShift_deg: number;
}

export interface LooseFile {
  /** Members that are not objects are null; they keep their place. */
  readonly items: Readonly<Record<Collection, readonly (LooseItem | null)[]>>;
  /** First position of each id, per list. */
  readonly positions: Readonly<Record<Collection, ReadonlyMap<string, number>>>;
  /** Lines, transformers and switches, in that order. */
  readonly branches: readonly LooseBranch[];
  readonly limits: LooseItem;
}

/** Reads what there is; never fails. */
export function readLoosely(json: unknown): LooseFile {
  const root = asItem(json) ?? {};
  const items = {} as Record<Collection, readonly (LooseItem | null)[]>;
  const positions = {} as Record<Collection, ReadonlyMap<string, number>>;
  for (const collection of COLLECTIONS) {
    const list: unknown = root[collection];
    const members = Array.isArray(list) ? list.map((member) => asItem(member)) : [];
    const places = new Map<string, number>();
    members.forEach((member, position) => {
      const id = member?.['id'];
      if (typeof id === 'string' && !places.has(id)) places.set(id, position);
    });
    items[collection] = members;
    positions[collection] = places;
  }
  const branches: LooseBranch[] = [];
  const nodeAt = (id: unknown): number =>
    typeof id === 'string' ? (positions.nodes.get(id) ?? -1) : -1;
  for (const collection of ['lines', 'transformers', 'switches'] as const) {
    items[collection].forEach((member, position) => {
      const { id, from, to, normallyOpen, phaseShift_deg } = member ?? {};
      branches.push({
        collection,
        position,
        id: typeof id === 'string' ? id : `${collection}[${position}]`,
        from: nodeAt(from),
        to: nodeAt(to),
        normallyOpen: collection === 'switches' && normallyOpen === true,
        phaseShift_deg: typeof phaseShift_deg === 'number' ? phaseShift_deg : 0,
      });
    });
  }
  return { items, positions, branches, limits: asItem(root['limits']) ?? {} };
}

function asItem(value: unknown): LooseItem | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as LooseItem)
    : null;
}
