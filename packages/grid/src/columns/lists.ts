import type { Grid } from '../model.ts';

/**
 * What the lists of a grid are made of, for its columns: which field is what. A new field of the
 * model stands here too, and makes a new version of the file.
 */

export type ColumnKind =
  /** Unique and ascending in code units. */
  | 'id'
  /** Stands only where it differs from the id. */
  | 'text'
  /** Number or null. */
  | 'number'
  | 'flag'
  /** One of few texts, or null. */
  | 'word';

/** A field, or a reference by index into another list. */
export type FieldKind = ColumnKind | { readonly into: ListName };

export type ListName =
  | 'substations'
  | 'connectivityNodes'
  | 'sources'
  | 'transformers'
  | 'lines'
  | 'switches'
  | 'faultIndicators'
  | 'groundDisconnectors'
  | 'loads'
  | 'shunts'
  | 'generators'
  | 'feeders';

const NODE = { into: 'connectivityNodes' } as const;
const LINE = { into: 'lines' } as const;
const SWITCH = { into: 'switches' } as const;

type Lists = {
  readonly [List in ListName]: { readonly [Field in keyof Grid[List][number]]: FieldKind };
};

/** Fields in the order in which their columns stand. */
export const LISTS: Lists = {
  substations: {
    id: 'id',
    name: 'text',
    nominalVoltage: 'number',
    unmanned: 'flag',
    lon: 'number',
    lat: 'number',
  },
  connectivityNodes: {
    id: 'id',
    nominalVoltage: 'number',
    substation: 'word',
    busbar: 'flag',
    lon: 'number',
    lat: 'number',
  },
  sources: {
    id: 'id',
    node: NODE,
    voltage: 'number',
    maxPower: 'number',
    angleGroup: 'word',
    neutralEarthing: 'word',
  },
  transformers: {
    id: 'id',
    name: 'text',
    from: NODE,
    to: NODE,
    ratedPower: 'number',
    emergencyPower: 'number',
    shortCircuitVoltage: 'number',
    loadLosses: 'number',
    noLoadLosses: 'number',
    tap: 'number',
    phaseShift_deg: 'number',
    neutralEarthing: 'word',
  },
  lines: {
    id: 'id',
    name: 'text',
    from: NODE,
    to: NODE,
    length: 'number',
    resistance: 'number',
    reactance: 'number',
    ratedCurrent: 'number',
    emergencyCurrent: 'number',
    construction: 'word',
  },
  switches: {
    id: 'id',
    name: 'text',
    kind: 'word',
    from: NODE,
    to: NODE,
    normallyOpen: 'flag',
    remote: 'flag',
    ratedCurrent: 'number',
    pickupCurrent: 'number',
    protects: 'flag',
    faultIndicator: 'flag',
    parallelAllowed: 'flag',
  },
  faultIndicators: {
    id: 'id',
    node: NODE,
    line: LINE,
    directional: 'flag',
    earthFault: 'flag',
    phaseFault: 'flag',
    remote: 'flag',
  },
  groundDisconnectors: { id: 'id', node: NODE, closed: 'flag' },
  loads: {
    id: 'id',
    name: 'text',
    node: NODE,
    activePower: 'number',
    reactivePower: 'number',
    impedanceShare: 'number',
    currentShare: 'number',
    customers: 'number',
    priority: 'word',
  },
  shunts: { id: 'id', node: NODE, reactivePower: 'number' },
  generators: {
    id: 'id',
    node: NODE,
    activePower: 'number',
    reactivePower: 'number',
    canIsland: 'flag',
  },
  feeders: { id: 'id', name: 'text', head: SWITCH, mode: 'word' },
};

export const LIST_NAMES = Object.keys(LISTS) as readonly ListName[];
